package headgate.filters.content.text;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes over plain text in which no word can begin, many bytes at a time.
 *
 * <p>A {@link Sieve} passes over what it can. In what it leaves, or everywhere if it serves not, the hash of four bytes says where a word or a
 * sign begins whether one that is looked for could begin there, and that of eight whether it goes on. What it says is never wrong when it
 * says no, and costs the same for any number of words. Bytes that are no plain ASCII are left to others. Immutable.
 */
final class Grams {
    /** Bytes that must be there to be looked at; also how far behind an odd byte a word may have begun without being seen. */
    private static final int LENGTH = 4;

    /** Among words' bits, for the byte in front of a block. */
    private static final long WORD_BEFORE = 0x80;

    private static final int BITS_PER_WORD = 32;

    private static final int HAN_BYTES = 3;
    private static final int HAN_FIRST = 0x4E00;
    private static final int HAN_LAST = 0x9FFF;

    /** Null where it serves not, for the words that are looked for. */
    private final @Nullable Sieve sieve;

    private final int shift;
    private final long[] fours;
    /** Of those four bytes, the ones that decide alone. */
    private final long[] shorts;
    /** The hash of eight, where a word has as many; it tells words apart that only begin alike. */
    private final long[] eights;

    private final long[] pairs = new long[1 << 10];
    private boolean hasPairs;
    /** The Han characters that begin a word. */
    private final long[] hans = new long[1 << 10];
    /** All ones where a sign may begin what is looked for, or else zero. */
    private long signs;

    /** For words by their symbols. */
    Grams(List<int[]> written) {
        int bits = Math.max(12, 64 - Long.numberOfLeadingZeros((long) written.size() * BITS_PER_WORD));
        this.shift = Integer.SIZE - Math.min(bits, 24);
        this.fours = new long[1 << (Integer.SIZE - shift - 6)];
        this.shorts = new long[fours.length];
        this.eights = new long[fours.length];
        written.forEach(this::add);
        this.sieve = Sieve.of(written);
    }

    private void add(int[] symbols) {
        if (symbols[0] >= HAN_FIRST && symbols[0] <= HAN_LAST) {
            hans[symbols[0] >>> 6] |= 1L << symbols[0];
        }
        signs |= symbols[0] == Term.WORD_BEGINS ? 0 : Block.TOPS;
        int[] units = Arrays.stream(symbols)
                .filter(symbol -> symbol != Term.WORD_BEGINS)
                .limit(2 * LENGTH)
                .toArray();
        int gram = 0;
        boolean plain = units.length >= LENGTH;
        for (int i = 0; i < LENGTH && plain; i++) {
            // Any amount of white space may stand for one.
            plain = units[i] < 0x80 && (units[i] != ' ' || i == LENGTH - 1);
            gram |= (units[i] | 0x20) << (8 * i);
        }
        if (plain) {
            int hash = hash(gram);
            fours[hash >>> 6] |= 1L << hash;
            addEight(units, hash);
        } else {
            addShort(units[0], units.length > 1 ? units[1] : -1);
        }
    }

    private void addEight(int[] units, int four) {
        long gram = 0;
        boolean plain = units.length == 2 * LENGTH;
        for (int i = 0; i < units.length && plain; i++) {
            plain = units[i] < 0x80 && (units[i] != ' ' || i == units.length - 1);
            gram |= (long) (units[i] | 0x20) << (8 * i);
        }
        if (plain) {
            int hash = hash(gram);
            eights[hash >>> 6] |= 1L << hash;
        } else {
            shorts[four >>> 6] |= 1L << four;
        }
    }

    private void addShort(int first, int second) {
        hasPairs |= first < 0x80;
        for (int next = 0; next < 256 && first < 0x80; next++) {
            if (second < 0 || (second | 0x20) == next) {
                int pair = (first | 0x20) | next << 8;
                pairs[pair >>> 6] |= 1L << pair;
            }
        }
    }

    /**
     * The first place where something may begin, or where it takes a closer look to know.
     *
     * @param inWord whether the byte in front of {@code from} is part of a word
     * @return {@code to - 3} at the latest, if that is behind {@code from}
     */
    int next(byte[] bytes, int from, int to, boolean inWord) {
        int i = pass(bytes, from, to, inWord);
        int lookedAt = i + Sieve.REACH;
        int escape = from - 2;
        long before = (i == from ? inWord : Letters.isAsciiWord(bytes[i - 1])) ? WORD_BEFORE : 0;
        // The second byte of an escape that began in the block before.
        long second = 0;
        while (i <= to - Long.BYTES - LENGTH) {
            long block = Block.at(bytes, i);
            if ((block & Block.TOPS) != 0) {
                break;
            }
            long backslashes = Block.backslashes(block) & ~second;
            long escapes = backslashes == 0 ? 0 : signs == 0 ? Block.escapes(bytes, i, backslashes) : Block.UNKNOWN;
            if (escapes == Block.UNKNOWN) {
                break;
            }
            long word = Block.words(block) & ~((escapes << 8) | second);
            long begins = (word & ~((word << 8) | before)) | (~word & Block.visible(block) & signs);
            for (; begins != 0; begins &= begins - 1) {
                int at = i + Block.first(begins);
                int four = Block.unescapedHalfAt(bytes, at);
                if (Block.hasBackslash(four) || (mayBegin(four) && !isOther(bytes, at, to))) {
                    int last = Long.numberOfLeadingZeros(escapes & (begins & -begins) - 1);
                    return behind(at, from, last == Long.SIZE ? escape : i + 7 - (last >>> 3));
                }
            }
            before = word >>> 56;
            second = escapes >>> 56;
            escape = escapes == 0 ? escape : i + 7 - (Long.numberOfLeadingZeros(escapes) >>> 3);
            i += Long.BYTES;
            if (second == 0 && (sieve == null || i > lookedAt)) {
                int passed = pass(bytes, i, to, before != 0);
                before = passed == i ? before : Letters.isAsciiWord(bytes[passed - 1]) ? WORD_BEFORE : 0;
                i = passed;
                lookedAt = i + Sieve.REACH;
            }
        }
        return second != 0 ? escape : slowly(bytes, from, i, to, before != 0, escape);
    }

    private int pass(byte[] bytes, int from, int to, boolean inWord) {
        return sieve == null ? skim(bytes, from, to, inWord) : sieve.next(bytes, from, to);
    }

    /** The first block to be looked at closely: where something may begin, or that is not plain, or is followed by one that is not. */
    private int skim(byte[] bytes, int from, int to, boolean inWord) {
        int last = to - 2 * Long.BYTES;
        if (from > last) {
            return from;
        }
        long block = Block.at(bytes, from);
        if (Block.isOdd(block)) {
            return from;
        }
        long before = inWord ? WORD_BEFORE : 0;
        int i = from;
        while (i <= last) {
            long next = Block.at(bytes, i + Long.BYTES);
            if (Block.isOdd(next)) {
                return i;
            }
            long letters = Block.letters(block);
            // That is more than words' beginnings: also digits behind a digit.
            long begins = Block.visible(block) & (~((letters << 8) | before) | (~letters & signs));
            for (; begins != 0; begins &= begins - 1) {
                int at = i + Block.first(begins);
                if (mayBegin(Block.halfAt(bytes, at)) && !isOther(bytes, at, to)) {
                    return i;
                }
            }
            before = (letters >>> 56) & WORD_BEFORE;
            block = next;
            i += Long.BYTES;
        }
        return i;
    }

    /** A place to go on from; right behind an escape it is the escape, so that what stands in front of it is a character. */
    private static int behind(int at, int from, int escape) {
        return escape >= from && at <= escape + 2 ? escape : at;
    }

    /**
     * The first place behind Han characters that begin nothing, each of which stands for itself.
     *
     * <p>What follows the last one passed is known to be no mark, which might have become one with it.
     */
    int nextBehindHan(byte[] bytes, int from, int to) {
        int i = from;
        int han = han(bytes, i, to);
        while (han >= 0 && ((hans[han >>> 6] >>> han) & 1) == 0) {
            int behind = i + HAN_BYTES;
            han = han(bytes, behind, to);
            if (han < 0 && (behind >= to || bytes[behind] < 0 || bytes[behind] == '\\')) {
                return i;
            }
            i = behind;
        }
        return i;
    }

    /** Whether a Han character stands there, all of it: it is no mark, and NFKC leaves it alone. */
    static boolean isHan(byte[] bytes, int at, int to) {
        return han(bytes, at, to) >= 0;
    }

    /** The Han character that stands there in UTF-8; -1 when there is none, or not all of it. */
    private static int han(byte[] bytes, int at, int to) {
        if (at > to - HAN_BYTES
                || (bytes[at] & 0xF0) != 0xE0
                || (bytes[at + 1] & 0xC0) != 0x80
                || (bytes[at + 2] & 0xC0) != 0x80) {
            return -1;
        }
        int character = (bytes[at] & 0x0F) << 12 | (bytes[at + 1] & 0x3F) << 6 | (bytes[at + 2] & 0x3F);
        return character >= HAN_FIRST && character <= HAN_LAST ? character : -1;
    }

    private int slowly(byte[] bytes, int from, int at, int to, boolean inWord, int escape) {
        boolean word = inWord;
        for (int i = at; i < to; i++) {
            byte b = bytes[i];
            if (b < 0 || b == '\\') {
                return behind(Math.max(from, i - LENGTH + 1), from, escape);
            }
            boolean now = Letters.isAsciiWord(b);
            boolean begins = now ? !word : signs != 0 && b > ' ';
            if (begins && i <= to - LENGTH && mayBegin(Block.halfAt(bytes, i))) {
                return behind(i, from, escape);
            }
            word = now;
        }
        return behind(Math.max(from, to - LENGTH + 1), from, escape);
    }

    private boolean mayBegin(int gram) {
        int folded = Block.folded(gram);
        return isIn(fours, hash(folded)) || (hasPairs && isIn(pairs, folded & 0xFFFF));
    }

    /** Whether the next eight bytes, all of them plain, show that what may begin here does not. */
    private boolean isOther(byte[] bytes, int at, int to) {
        if (at > to - Long.BYTES) {
            return false;
        }
        long eight = Block.at(bytes, at);
        if (Block.isOdd(eight)) {
            return false;
        }
        long folded = Block.folded(eight);
        boolean decides = isIn(shorts, hash((int) folded)) || isIn(pairs, (int) folded & 0xFFFF);
        return !decides && !isIn(eights, hash(folded));
    }

    private int hash(long gram) {
        return (int) ((gram * 0x9E3779B97F4A7C15L) >>> (Integer.SIZE + shift));
    }

    private int hash(int gram) {
        return (gram * 0x9E3779B1) >>> shift;
    }

    private static boolean isIn(long[] set, int element) {
        // Within bounds anyway; so it need not be checked.
        return ((set[(element >>> 6) & (set.length - 1)] >>> element) & 1) != 0;
    }
}
