package headgate.filters.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Changes a few places of a body while all its other bytes pass as they came, in order, without being copied.
 *
 * <p>Edits are given by offsets of the original body, in ascending order, each before the bytes it concerns pass. Belongs to
 * one upstream call.
 */
public final class BodySplice {
    private long[] starts = new long[4];
    private long[] ends = new long[4];
    private byte[][] replacements = new byte[4][];
    private int count;
    private int current;
    private boolean replaced;
    private long position;
    private long grown;

    /** A splice that changes nothing yet. */
    public BodySplice() {}

    /**
     * Puts other bytes in the place of {@code [start, end)}.
     *
     * @param start offset in the original body, not before an edit given earlier
     * @param end offset behind what is taken out; {@code start} for a pure insertion
     * @param replacement what is put in; may be empty
     */
    public void replace(long start, long end, byte[] replacement) {
        if (start < position || end < start || (count > 0 && start < ends[count - 1])) {
            throw new IllegalArgumentException("edits must ascend, and come before what they concern has passed");
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            replacements = Arrays.copyOf(replacements, count * 2);
        }
        starts[count] = start;
        ends[count] = end;
        replacements[count++] = replacement;
        grown += replacement.length - (end - start);
    }

    /** By how many bytes the edits so far make the body longer; negative when they make it shorter. */
    public long grown() {
        return grown;
    }

    /** How many bytes of the original body have passed. */
    public long position() {
        return position;
    }

    /**
     * Passes the next part of the original body.
     *
     * @param part passed to this method
     * @param out gets what goes on, in order; each buffer is passed to it
     */
    public void pass(ByteBuf part, Consumer<ByteBuf> out) {
        try {
            while (part.isReadable()) {
                long next = current < count ? starts[current] : Long.MAX_VALUE;
                if (position < next) {
                    int untouched = (int) Math.min(part.readableBytes(), next - position);
                    out.accept(part.readRetainedSlice(untouched));
                    position += untouched;
                } else {
                    edit(part, out);
                }
            }
        } finally {
            part.release();
        }
    }

    private void edit(ByteBuf part, Consumer<ByteBuf> out) {
        if (!replaced && replacements[current].length > 0) {
            out.accept(Unpooled.wrappedBuffer(replacements[current]));
        }
        replaced = true;
        int cut = (int) Math.min(part.readableBytes(), ends[current] - position);
        part.skipBytes(cut);
        position += cut;
        if (position == ends[current]) {
            current++;
            replaced = false;
        }
    }
}
