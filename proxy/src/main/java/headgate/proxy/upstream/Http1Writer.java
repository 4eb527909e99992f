package headgate.proxy.upstream;

import headgate.filters.Exchange;
import headgate.filters.http.ChunkWriter;
import headgate.proxy.routing.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Writes requests on an HTTP/1.1 connection: sized where the length is known, else in chunks. */
final class Http1Writer implements RequestWriter {
    /** A body up to this is copied behind the head, so that the request leaves in one piece. */
    private static final int COPY_BYTES_MAX = 16 * 1024;

    private static final int HEAD_BYTES = 1024;

    private final Channel channel;

    private @Nullable ByteBuf onePiece;
    private boolean chunked;

    Http1Writer(Channel channel) {
        this.channel = channel;
    }

    @Override
    public void head(Exchange exchange, Endpoint endpoint, byte[] authorization, long bodyBytes) {
        chunked = bodyBytes < 0;
        boolean copies = !chunked && bodyBytes <= COPY_BYTES_MAX;
        ByteBuf head = channel.alloc().directBuffer(HEAD_BYTES + authorization.length + (copies ? (int) bodyBytes : 0));
        UpstreamHead.write(exchange, endpoint, authorization, bodyBytes, head);
        if (copies) {
            onePiece = head;
        } else {
            channel.write(head, channel.voidPromise());
        }
    }

    @Override
    public void part(ByteBuf part) {
        if (onePiece != null) {
            onePiece.writeBytes(part);
            part.release();
        } else if (chunked) {
            channel.write(ChunkWriter.sizeLine(channel.alloc(), part.readableBytes()), channel.voidPromise());
            channel.write(part, channel.voidPromise());
            channel.write(ChunkWriter.lineEnd(), channel.voidPromise());
        } else {
            channel.write(part, channel.voidPromise());
        }
    }

    @Override
    public void end() {
        if (onePiece != null) {
            ByteBuf request = onePiece;
            onePiece = null;
            channel.write(request, channel.voidPromise());
        } else if (chunked) {
            channel.write(ChunkWriter.lastChunk(), channel.voidPromise());
        }
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }
}
