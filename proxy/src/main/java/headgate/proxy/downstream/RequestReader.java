package headgate.proxy.downstream;

import headgate.conf.LimitsConfig;
import headgate.filters.http.BodyReader;
import headgate.filters.http.FramingException;
import headgate.filters.http.HeadFinder;
import headgate.filters.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Takes heads and parts of bodies out of the bytes of one connection, in the order they came.
 *
 * <p>What has come and was not asked for yet is <em>kept</em> here; it is released by {@link #clear()}.
 */
final class RequestReader {
    private final HeadFinder headFinder;
    private final int fieldsMax;
    private final BodyReader body = new BodyReader();

    private @Nullable ByteBuf kept;

    RequestReader(LimitsConfig limits) {
        headFinder = new HeadFinder(limits.requestLineBytes(), limits.headerBytes());
        fieldsMax = limits.headerCount();
    }

    /** Puts what has come, which is kept, behind the rest; parts of a buffer that were passed on must not move. */
    void add(ByteBufAllocator allocator, ByteBuf in) {
        if (kept == null) {
            kept = in;
            return;
        }
        if (kept.refCnt() > 1) {
            ByteBuf joined = allocator.directBuffer(kept.readableBytes() + in.readableBytes());
            joined.writeBytes(kept);
            kept.release();
            kept = joined;
        }
        kept.discardSomeReadBytes().writeBytes(in);
        in.release();
    }

    /** How many bytes have come and were not asked for yet. */
    int keptBytes() {
        return kept == null ? 0 : kept.readableBytes();
    }

    /** The next head, and the begin of its body; null when it has not come whole. */
    @Nullable
    RequestHead tryHead() throws FramingException {
        int length = kept == null ? -1 : headFinder.find(kept);
        if (kept == null || length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        kept.readBytes(bytes);
        letGoOfRead();
        RequestHead head = RequestHead.parse(bytes, fieldsMax);
        if (head.chunked()) {
            body.beginChunked();
        } else if (head.contentLength() > 0) {
            body.beginLength(head.contentLength());
        } else {
            body.beginNone();
        }
        return head;
    }

    /** What has come of the body, passed to the caller; null when it was framing alone, or nothing. */
    @Nullable
    ByteBuf tryPart() throws FramingException {
        ByteBuf in = kept;
        if (in == null) {
            return null;
        }
        body.read(in);
        if (body.payloadLength() == 0) {
            letGoOfRead();
            return null;
        }
        if (in.isReadable()) {
            return in.retainedSlice(body.payloadStart(), body.payloadLength());
        }
        kept = null;
        return in.setIndex(body.payloadStart(), body.payloadStart() + body.payloadLength());
    }

    /** Whether the whole body was asked for. */
    boolean bodyDone() {
        return body.done();
    }

    /** Whether it is certain that no more than so many bytes of the body are still to come. */
    boolean bodyRestAtMost(long bytes) {
        return body.remainingAtMost(bytes);
    }

    /** Throws away what is kept. */
    void clear() {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    private void letGoOfRead() {
        if (kept != null && !kept.isReadable()) {
            clear();
        }
    }
}
