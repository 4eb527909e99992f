package headgate.proxy.upstream;

import headgate.filters.Exchange;
import headgate.filters.HeldBody;
import headgate.filters.json.BodySplice;
import headgate.filters.json.JsonScanner;
import headgate.proxy.routing.Endpoint;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request on one lane: whole, when all of it is held, or as it comes.
 *
 * <p>A body that is held whole stays held, so that another call can send it again. One that streams leaves without a length,
 * which is not known before its last byte; its last byte is withheld until every gate has agreed.
 */
final class RequestSender {
    private final Exchange exchange;
    private final Endpoint endpoint;
    private final byte[] authorization;
    private final HeldBody held;
    private final JsonScanner scan;
    private final RequestWriter writer;
    private final BodySplice splice = new BodySplice();
    private final RequestEdits edits;

    private boolean endSent;

    RequestSender(Exchange exchange, Endpoint endpoint, byte[] authorization, HeldBody held, RequestWriter writer) {
        this.exchange = exchange;
        this.endpoint = endpoint;
        this.authorization = authorization;
        this.held = held;
        this.scan = requireScan(exchange.scan());
        this.writer = writer;
        this.edits = new RequestEdits(exchange, scan, endpoint, splice);
    }

    /** Sends head and body, which is held and stays so. */
    void sendWhole() {
        edits.advance(true);
        writer.head(exchange, endpoint, authorization, scan.offset() + splice.grown());
        held.forEach(part -> splice.pass(part.retainedDuplicate(), writer::part));
        writer.end();
        writer.flush();
    }

    /** Sends the head of a body that streams. */
    void sendHeadOfStream() {
        writer.head(exchange, endpoint, authorization, -1);
    }

    /**
     * Sends what may be sent by now, as long as the connection takes it.
     *
     * @param complete whether the whole body has come and every gate has agreed
     * @return whether the last byte has been sent
     */
    boolean pump(boolean complete) {
        long limit = Math.min(edits.advance(complete), complete ? Long.MAX_VALUE : scan.offset() - 1);
        while (writer.writable() && splice.position() < limit) {
            ByteBuf part = held.poll(limit - splice.position());
            if (part == null) {
                break;
            }
            splice.pass(part, writer::part);
        }
        if (complete && held.size() == 0 && !endSent) {
            endSent = true;
            writer.end();
        }
        writer.flush();
        return endSent;
    }

    private static JsonScanner requireScan(@Nullable JsonScanner scan) {
        if (scan == null) {
            throw new IllegalStateException("the body was not scanned");
        }
        return scan;
    }
}
