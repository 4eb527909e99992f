package headgate.filters.content.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes over blocks of text in which no word can begin, by looking at a few places of each.
 *
 * <p>A word that begins with seven letters or digits has four of them, among its first seven, at a place that four divides, wherever the
 * text is divided from; so only such places are looked at, and every second one where the shortest beginning has
 * five or six. One bit says whether the four bytes may belong to a word's beginning. There is one branch for two blocks, which most texts
 * take: what words there are in a text, and where they begin, costs nothing. An escape of two bytes stands for no letter,
 * so it needs no look either. Immutable.
 */
final class Sieve {
    /** How far in front of a block that is not passed a word may have begun. */
    static final int REACH = Long.BYTES;

    private static final int LENGTH = 4;
    private static final int STRIDE_MAX = 4;
    private static final int BLOCK = Long.BYTES;
    /** How far the bytes go that are looked at to judge of a block. */
    private static final int SEEN = BLOCK + LENGTH - 1;

    private static final int BITS_PER_GRAM = 128;
    private static final int SET_BITS_MIN = 12;
    private static final int SET_BITS_MAX = 21;
    private static final int FIRST = 0x9E3779B1;
    private static final int SECOND = 0x85EBCA6B;

    private final int stride;
    private final int shift;
    private final int[] set;
    /** Asked where the first set says yes, since it is wrong for one in a hundred. */
    private final int[] again;

    private Sieve(List<int[]> beginnings, int stride) {
        long bits = (long) beginnings.size() * stride * BITS_PER_GRAM;
        int log = Math.min(SET_BITS_MAX, Math.max(SET_BITS_MIN, Long.SIZE - Long.numberOfLeadingZeros(bits - 1)));
        this.stride = stride;
        this.shift = Integer.SIZE + 5 - log;
        this.set = new int[1 << (log - 5)];
        this.again = new int[set.length];
        for (int[] beginning : beginnings) {
            for (int at = 0; at < stride; at++) {
                int gram = 0;
                for (int i = 0; i < LENGTH; i++) {
                    gram |= beginning[at + i] << (Byte.SIZE * i);
                }
                int folded = Block.folded(gram);
                set[(folded * FIRST) >>> shift] |= 1 << folded;
                again[(folded * SECOND) >>> shift] |= 1 << folded;
            }
        }
    }

    /** For words by their symbols; null when one of them begins with too few letters. */
    static @Nullable Sieve of(List<int[]> written) {
        List<int[]> beginnings = new ArrayList<>();
        int shortest = LENGTH + STRIDE_MAX - 1;
        for (int[] symbols : written) {
            int first = symbols[0] == Term.WORD_BEGINS ? 1 : 0;
            // What begins with another letter does so at a byte that is not passed over, or in front of one.
            if (symbols[first] < 0x80) {
                int end = first;
                while (end < symbols.length && Letters.isAsciiWord(symbols[end])) {
                    end++;
                }
                shortest = Math.min(shortest, end - first);
                beginnings.add(Arrays.copyOfRange(symbols, first, end));
            }
        }
        int stride = Integer.highestOneBit(shortest - LENGTH + 1);
        // To look at each place costs more than to look where words begin.
        return stride < 2 ? null : new Sieve(beginnings, stride);
    }

    /**
     * A place in front of which nothing begins that is looked for.
     *
     * @param from no part of an escape begins in front of it
     * @return likewise; {@link #REACH} bytes in front of a block that takes a closer look, or of the end
     */
    int next(byte[] bytes, int from, int to) {
        int i = quickly(bytes, from, to);
        while (i <= to - SEEN && isPassed(bytes, i)) {
            i = quickly(bytes, i + BLOCK, to);
        }
        int at = Math.max(from, i - REACH);
        while (at > from && (bytes[at - 1] == '\\' || (at - 1 > from && bytes[at - 2] == '\\'))) {
            at--;
        }
        return at;
    }

    /** The first of two blocks that cannot be passed over at once. */
    private int quickly(byte[] bytes, int from, int to) {
        int i = from;
        while (i <= to - SEEN - BLOCK) {
            long strange = strange(bytes, i) | strange(bytes, i + BLOCK);
            int grams = grams(bytes, i) | grams(bytes, i + BLOCK);
            if (((strange & Block.TOPS) | (grams & 1)) != 0) {
                return i;
            }
            i += 2 * BLOCK;
        }
        return i;
    }

    private static long strange(byte[] bytes, int at) {
        return Block.strange(Block.at(bytes, at), Block.at(bytes, at + 1));
    }

    /** Whether one of a block's places may belong to a word, by the lowest bit. */
    private int grams(byte[] bytes, int at) {
        int grams = gram(bytes, at) | gram(bytes, at + 4);
        if (stride < STRIDE_MAX) {
            grams |= gram(bytes, at + 2) | gram(bytes, at + 6);
        }
        return grams;
    }

    private int gram(byte[] bytes, int at) {
        int folded = Block.folded(Block.halfAt(bytes, at));
        return set[((folded * FIRST) >>> shift) & (set.length - 1)] >>> folded;
    }

    private boolean isPassed(byte[] bytes, int block) {
        boolean passed = (strange(bytes, block) & Block.TOPS) == 0;
        for (int at = block; at < block + BLOCK && passed; at += stride) {
            int folded = Block.folded(Block.halfAt(bytes, at));
            passed = (gram(bytes, at) & (again[(folded * SECOND) >>> shift] >>> folded) & 1) == 0;
        }
        return passed;
    }
}
