package headgate.filters.json;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The piece of a body that is looked at, with a mark on each byte that does not mean only itself inside a string.
 *
 * <p>It stays in the nearest cache, and holds nothing between two parts, so that all scanners of an event loop may have
 * the same.
 */
public final class ScanWindow {
    static final int BYTES = 4096;

    /** So many bytes are told about at once. */
    static final int MARKS = Long.SIZE - 7;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = ONES << 7;

    final byte[] bytes = new byte[BYTES];

    /** A bit for each byte, and so many more that a word can be read anywhere. */
    private final byte[] marks = new byte[BYTES / Byte.SIZE + Long.BYTES];

    private final long[] wide = new long[BYTES / Long.BYTES];

    /** Takes bytes out of a part, which stays as it was. */
    void fill(ByteBuf part, int index, int length) {
        part.getBytes(index, bytes, 0, length);
        mark(length);
        // The last steps went on into what was left from before.
        int last = length / Byte.SIZE;
        WORD.set(marks, last, (long) marks[last] & (1 << length % Byte.SIZE) - 1);
    }

    /**
     * Marks eight bytes in each step; both loops are as plain as they are because the compiler then makes them wide.
     *
     * <p>For a byte with its lowest bit but one turned, all that is not above the space is a control character or the
     * quote. A subtraction sets the top bit where it falls below zero; beyond ASCII at least one of the two does. It
     * borrows from the byte above only where it does, so what is marked for nothing stands behind a true mark.
     */
    private void mark(int length) {
        byte[] from = bytes;
        long[] folded = wide;
        byte[] to = marks;
        int words = (length + Long.BYTES - 1) / Long.BYTES;
        for (int k = 0; k < words; k++) {
            long word = (long) WORD.get(from, k << 3);
            long tops = (((word ^ ONES * 2) - ONES * (' ' + 1)) | ((word ^ ONES * '\\') - ONES)) & TOPS;
            long pairs = tops >>> 7 | tops >>> 14;
            long fours = pairs | pairs >>> 14;
            folded[k] = fours | fours >>> 28;
        }
        for (int k = 0; k < words; k++) {
            to[k] = (byte) folded[k];
        }
    }

    /** The lowest bit is for the byte at {@code i}; at least {@link #MARKS} are told about. Behind the last byte none is set. */
    long marks(int i) {
        return (long) WORD.get(marks, i >>> 3) >>> (i & 7);
    }
}
