package headgate.proxy.upstream;

import headgate.filters.Exchange;
import headgate.filters.HeldBody;
import headgate.filters.http.ChunkWriter;
import headgate.filters.json.BodySplice;
import headgate.filters.json.JsonScanner;
import headgate.proxy.routing.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request on one connection: whole, when all of it is held, or as it comes.
 *
 * <p>A body that is held whole stays held, so that another call can send it again. One that streams leaves in chunks, since
 * its length is not known before its last byte; its last byte is withheld until every gate has agreed.
 */
final class RequestSender {
    /** A body up to this is copied behind the head, so that the request leaves in one piece. */
    private static final int COPY_BYTES_MAX = 16 * 1024;

    private static final int HEAD_BYTES = 1024;

    private final Exchange exchange;
    private final Endpoint endpoint;
    private final HeldBody held;
    private final JsonScanner scan;
    private final Channel channel;
    private final BodySplice splice = new BodySplice();
    private final RequestEdits edits;

    private boolean lastChunkSent;

    RequestSender(Exchange exchange, Endpoint endpoint, HeldBody held, Channel channel) {
        this.exchange = exchange;
        this.endpoint = endpoint;
        this.held = held;
        this.scan = requireScan(exchange.scan());
        this.channel = channel;
        this.edits = new RequestEdits(exchange, scan, endpoint, splice);
    }

    /** Sends head and body, which is held and stays so. */
    void sendWhole() {
        edits.advance(true);
        long length = scan.offset() + splice.grown();
        if (length <= COPY_BYTES_MAX) {
            ByteBuf request = channel.alloc().directBuffer(HEAD_BYTES + (int) length);
            UpstreamHead.write(exchange, endpoint, length, request);
            held.forEach(part -> splice.pass(part.retainedDuplicate(), edited -> {
                request.writeBytes(edited);
                edited.release();
            }));
            channel.writeAndFlush(request, channel.voidPromise());
        } else {
            sendHead(length);
            held.forEach(part ->
                    splice.pass(part.retainedDuplicate(), edited -> channel.write(edited, channel.voidPromise())));
            channel.flush();
        }
    }

    /** Sends the head of a body that streams. */
    void sendHeadOfStream() {
        sendHead(-1);
    }

    /**
     * Sends what may be sent by now, as long as the connection takes it.
     *
     * @param complete whether the whole body has come and every gate has agreed
     * @return whether the last byte has been sent
     */
    boolean pump(boolean complete) {
        long limit = Math.min(edits.advance(complete), complete ? Long.MAX_VALUE : scan.offset() - 1);
        while (channel.isWritable() && splice.position() < limit) {
            ByteBuf part = held.poll(limit - splice.position());
            if (part == null) {
                break;
            }
            splice.pass(part, this::sendChunk);
        }
        if (complete && held.size() == 0 && !lastChunkSent) {
            lastChunkSent = true;
            channel.write(ChunkWriter.lastChunk(), channel.voidPromise());
        }
        channel.flush();
        return lastChunkSent;
    }

    private void sendHead(long length) {
        ByteBuf head = channel.alloc().directBuffer(HEAD_BYTES);
        UpstreamHead.write(exchange, endpoint, length, head);
        channel.write(head, channel.voidPromise());
    }

    private void sendChunk(ByteBuf payload) {
        channel.write(ChunkWriter.sizeLine(channel.alloc(), payload.readableBytes()), channel.voidPromise());
        channel.write(payload, channel.voidPromise());
        channel.write(ChunkWriter.lineEnd(), channel.voidPromise());
    }

    private static JsonScanner requireScan(@Nullable JsonScanner scan) {
        if (scan == null) {
            throw new IllegalStateException("the body was not scanned");
        }
        return scan;
    }
}
