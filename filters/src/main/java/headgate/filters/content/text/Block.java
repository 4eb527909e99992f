package headgate.filters.content.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes of text at once.
 *
 * <p>A block is eight bytes as a number, the first one lowest. What is said of single bytes is said by the top bit of each.
 * Of letters and signs it is right where all bytes are ASCII.
 */
final class Block {
    /** The top bit of each byte. */
    static final long TOPS = 0x8080808080808080L;

    /** What {@link #escapes} says where an escape begins that may stand for part of a word. */
    static final long UNKNOWN = -1;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = TOPS >>> 7;
    private static final long SEVENS = ~TOPS;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long CASES = ONES << 5;
    private static final long FROM_A = (0x80 - 'a') * ONES;
    private static final long ABOVE_Z = (0x80 - 'z' - 1) * ONES;
    private static final long FROM_0 = (0x80 - '0') * ONES;
    private static final long ABOVE_9 = (0x80 - '9' - 1) * ONES;
    private static final long ABOVE_SPACE = (0x80 - ' ' - 1) * ONES;

    private Block() {}

    static long at(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /** The first half of what stands there. */
    static int halfAt(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    /** The place of the first byte of which something is said; 8 when nothing is. */
    static int first(long said) {
        return Long.numberOfTrailingZeros(said) >>> 3;
    }

    /** Without case; of what is no letter, other bytes may become the same. */
    static long folded(long block) {
        return block | CASES;
    }

    static int folded(int half) {
        return half | (int) CASES;
    }

    /** Whether there is a backslash, or anything that is not ASCII. */
    static boolean isOdd(long block) {
        long backslash = block ^ BACKSLASHES;
        return ((((backslash - ONES) & ~backslash) | block) & TOPS) != 0;
    }

    /**
     * Where there is a byte that is not ASCII, or an escape that may stand for part of a word, by the top bits; the others mean nothing.
     *
     * @param next what stands one byte behind; of the letters behind a backslash only the {@code u} is odd, as is the slash
     */
    static long strange(long block, long next) {
        long backslash = block ^ BACKSLASHES;
        return block | ((backslash - ONES) & ~backslash & (next << 7));
    }

    static boolean hasBackslash(int half) {
        int backslash = half ^ (int) BACKSLASHES;
        return ((backslash - (int) ONES) & ~backslash & (int) TOPS) != 0;
    }

    static long backslashes(long block) {
        return ~((block ^ BACKSLASHES) + SEVENS) & TOPS;
    }

    /** Letters, by the top bits; the others mean nothing. */
    static long letters(long block) {
        long folded = folded(block);
        return (folded + FROM_A) & ~(folded + ABOVE_Z);
    }

    /** Letters and digits. */
    static long words(long block) {
        return (letters(block) | ((block + FROM_0) & ~(block + ABOVE_9))) & TOPS;
    }

    /** All but white space. */
    static long visible(long block) {
        return (block + ABOVE_SPACE) & TOPS;
    }

    /**
     * Which bytes begin an escape of two bytes that stands for white space or a sign, which are no word's part.
     *
     * @return {@link #UNKNOWN} where another one begins
     */
    static long escapes(byte[] bytes, int block, long backslashes) {
        long escapes = 0;
        for (long left = backslashes; left != 0; ) {
            long bit = left & -left;
            switch (bytes[block + first(bit) + 1]) {
                case 'n', 'r', 't', '"', '/', '\\' -> escapes |= bit;
                default -> {
                    return UNKNOWN;
                }
            }
            left &= ~(bit | (bit << 8));
        }
        return escapes;
    }

    /** Half a block, with spaces for all that stands from an escaped white space on; the byte behind it is looked at as well. */
    static int unescapedHalfAt(byte[] bytes, int at) {
        int half = halfAt(bytes, at);
        if (!hasBackslash(half)) {
            return half;
        }
        int backslash = first(backslashes(half & 0xFFFF_FFFFL));
        return switch (bytes[at + backslash + 1]) {
            case 'n', 'r', 't' -> {
                int behind = -1 << (Byte.SIZE * backslash);
                yield (half & ~behind) | ((int) CASES & behind);
            }
            default -> half;
        };
    }
}
