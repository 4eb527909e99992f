package headgate.filters.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the end of a run of bytes that mean only themselves inside a string, many at a time. */
final class PlainRun {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long SPACES = ' ' * ONES;
    private static final long TOPS = ONES << 7;

    private static final int NEAR_BYTES = 256;

    private static final boolean VECTORS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private PlainRun() {}

    /** The first of a quote, a backslash, a control character, a byte beyond ASCII, or {@code to}. */
    static int end(byte[] bytes, int from, int to) {
        int i = from;
        // Most runs are short: words one by one guess their end best. What is long is mostly very long.
        for (int near = Math.min(to, from + NEAR_BYTES); i <= near - Long.BYTES; i += Long.BYTES) {
            long marks = marks(word(bytes, i)) & TOPS;
            if (marks != 0) {
                return i + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
        }
        if (i < from + NEAR_BYTES) {
            return endByByte(bytes, i, to);
        }
        return VECTORS ? endByByte(bytes, VectorRun.end(bytes, i, to), to) : endByWords(bytes, i, to);
    }

    /** The same as {@link #end}, for a run that is known to be long. */
    static int endByWords(byte[] bytes, int from, int to) {
        int i = from;
        while (i <= to - 4 * Long.BYTES) {
            long marks = marks(word(bytes, i))
                    | marks(word(bytes, i + 8))
                    | marks(word(bytes, i + 16))
                    | marks(word(bytes, i + 24));
            if ((marks & TOPS) != 0) {
                break;
            }
            i += 4 * Long.BYTES;
        }
        return endByByte(bytes, i, to);
    }

    private static int endByByte(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && isPlain(bytes[i])) {
            i++;
        }
        return i;
    }

    /**
     * Sets the top bit of each byte that is not plain.
     *
     * <p>A subtraction borrows from the byte above only where a byte was found, so the lowest mark is always true; those
     * above it may not be.
     */
    private static long marks(long word) {
        return ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES) | (word - SPACES) | word;
    }

    private static long word(byte[] bytes, int at) {
        return (long) WORD.get(bytes, at);
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\';
    }
}
