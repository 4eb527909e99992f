package headgate.filters.content.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Passes over plain text in which no word can begin, many bytes at a time.
 *
 * <p>Where a word or a sign begins, the hash of four bytes says whether one that is looked for could begin there, and that of eight whether it goes on. What it says is
 * never wrong when it says no, and costs the same for any number of words. Bytes that are no plain ASCII are left to others.
 * Immutable.
 */
final class Grams {
    /** Bytes that must be there to be looked at; also how far behind an odd byte a word may have begun without being seen. */
    private static final int LENGTH = 4;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = ONES << 7;
    private static final long SEVENS = ~TOPS;
    private static final long UNKNOWN = -1;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long CASES = ONES << 5;
    private static final long FROM_A = (0x80 - 'a') * ONES;
    private static final long ABOVE_Z = (0x80 - 'z' - 1) * ONES;
    private static final long FROM_0 = (0x80 - '0') * ONES;
    private static final long ABOVE_9 = (0x80 - '9' - 1) * ONES;
    private static final long ABOVE_SPACE = (0x80 - ' ' - 1) * ONES;
    private static final int BITS_PER_WORD = 32;

    private static final int HAN_BYTES = 3;
    private static final int HAN_FIRST = 0x4E00;
    private static final int HAN_LAST = 0x9FFF;

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
    }

    private void add(int[] symbols) {
        if (symbols[0] >= HAN_FIRST && symbols[0] <= HAN_LAST) {
            hans[symbols[0] >>> 6] |= 1L << symbols[0];
        }
        signs |= symbols[0] == Term.WORD_BEGINS ? 0 : TOPS;
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
        hasPairs = true;
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
        int i = from;
        int escape = from - 2;
        long before = inWord ? 0x80 : 0;
        // The second byte of an escape that began in the block before.
        long second = 0;
        for (; i <= to - Long.BYTES - LENGTH + 1; i += Long.BYTES) {
            long block = (long) LONG.get(bytes, i);
            if ((block & TOPS) != 0) {
                break;
            }
            long backslashes = ~((block ^ BACKSLASHES) + SEVENS) & TOPS & ~second;
            long escapes = backslashes == 0 ? 0 : signs == 0 ? escapes(bytes, i, backslashes) : UNKNOWN;
            if (escapes == UNKNOWN) {
                break;
            }
            long seconds = escapes << 8 | second;
            long word = words(block) & ~seconds;
            long begins = (word & ~(word << 8 | before)) | (~word & (block + ABOVE_SPACE) & signs);
            for (; begins != 0; begins &= begins - 1) {
                int at = i + (Long.numberOfTrailingZeros(begins) >>> 3);
                int four = (int) INT.get(bytes, at);
                if (hasBackslash(four) || (mayBegin(four) && !isOther(bytes, at, to))) {
                    int last = Long.numberOfLeadingZeros(escapes & (begins & -begins) - 1);
                    return behind(at, from, last == Long.SIZE ? escape : i + 7 - (last >>> 3));
                }
            }
            before = word >>> 56;
            second = escapes >>> 56;
            escape = escapes == 0 ? escape : i + 7 - (Long.numberOfLeadingZeros(escapes) >>> 3);
        }
        return second != 0 ? escape : slowly(bytes, from, i, to, before != 0, escape);
    }

    /**
     * Which bytes of a block begin an escape of two bytes that stands for white space or a sign, which are no word's part.
     *
     * @return {@link #UNKNOWN} where another one begins
     */
    private static long escapes(byte[] bytes, int block, long backslashes) {
        long escapes = 0;
        for (long left = backslashes; left != 0; ) {
            long bit = left & -left;
            switch (bytes[block + (Long.numberOfTrailingZeros(bit) >>> 3) + 1]) {
                case 'n', 'r', 't', '"', '/', '\\' -> escapes |= bit;
                default -> {
                    return UNKNOWN;
                }
            }
            left &= ~(bit | bit << 8);
        }
        return escapes;
    }

    /** A place to go on from; right behind an escape it is the escape, so that what stands in front of it is a character. */
    private static int behind(int at, int from, int escape) {
        return escape >= from && at <= escape + 2 ? escape : at;
    }

    private static boolean hasBackslash(int four) {
        int backslash = four ^ (int) BACKSLASHES;
        return ((backslash - (int) ONES) & ~backslash & (int) TOPS) != 0;
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
            if (begins && i <= to - LENGTH && mayBegin((int) INT.get(bytes, i))) {
                return behind(i, from, escape);
            }
            word = now;
        }
        return behind(Math.max(from, to - LENGTH + 1), from, escape);
    }

    private boolean mayBegin(int gram) {
        int folded = gram | 0x20202020;
        int hash = hash(folded);
        if (((fours[hash >>> 6] >>> hash) & 1) != 0) {
            return true;
        }
        int pair = folded & 0xFFFF;
        return hasPairs && ((pairs[pair >>> 6] >>> pair) & 1) != 0;
    }

    /** Whether the next eight bytes, all of them plain, show that what may begin here does not. */
    private boolean isOther(byte[] bytes, int at, int to) {
        if (at > to - Long.BYTES) {
            return false;
        }
        long eight = (long) LONG.get(bytes, at);
        long backslash = eight ^ BACKSLASHES;
        if (((eight | ((backslash - ONES) & ~backslash)) & TOPS) != 0) {
            return false;
        }
        int pair = (int) (eight | CASES) & 0xFFFF;
        int four = hash((int) (eight | CASES));
        int hash = hash(eight | CASES);
        boolean decides = ((shorts[four >>> 6] >>> four) & 1) != 0 || ((pairs[pair >>> 6] >>> pair) & 1) != 0;
        return !decides && ((eights[hash >>> 6] >>> hash) & 1) == 0;
    }

    /** Sets the top bit of each letter and digit; all bytes are ASCII. */
    private static long words(long block) {
        long folded = block | CASES;
        long letters = (folded + FROM_A) & ~(folded + ABOVE_Z);
        long digits = (block + FROM_0) & ~(block + ABOVE_9);
        return (letters | digits) & TOPS;
    }

    private int hash(long gram) {
        return (int) ((gram * 0x9E3779B97F4A7C15L) >>> (Integer.SIZE + shift));
    }

    private int hash(int gram) {
        return (gram * 0x9E3779B1) >>> shift;
    }
}
