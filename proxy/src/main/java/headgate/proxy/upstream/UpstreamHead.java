package headgate.proxy.upstream;

import headgate.filters.Exchange;
import headgate.filters.api.Operation;
import headgate.filters.http.HeaderFields;
import headgate.filters.http.HeaderName;
import headgate.filters.trace.Trace;
import headgate.proxy.routing.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The head that goes to an upstream: built from what the operator wrote, with the caller's end-to-end fields behind it.
 *
 * <p>Nothing in a request chooses a host or a path, and nothing of the caller's credential passes.
 */
final class UpstreamHead {
    private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id: ");
    private static final AsciiString TRACE_PARENT = AsciiString.cached("traceparent: ");
    private static final AsciiString JSON = AsciiString.cached("content-type: application/json\r\n");
    private static final AsciiString LENGTH = AsciiString.cached("\r\ncontent-length: ");
    private static final AsciiString CHUNKED = AsciiString.cached("\r\ntransfer-encoding: chunked");
    private static final AsciiString END = AsciiString.cached("\r\n\r\n");

    private UpstreamHead() {}

    /**
     * Writes the head.
     *
     * @param authorization the line of a credential, or nothing
     * @param bodyBytes the body's length, or -1 to send it in chunks
     */
    static void write(Exchange exchange, Endpoint endpoint, byte[] authorization, long bodyBytes, ByteBuf out) {
        Operation operation = exchange.requireOperation().operation();
        out.writeBytes(endpoint.opening(operation));
        out.writeBytes(authorization);
        HeaderFields fields = exchange.head().fields();
        Trace trace = exchange.trace();
        for (int i = 0; i < fields.size(); i++) {
            if (passes(fields, i, operation) && (trace == null || passes(fields.name(i), trace))) {
                fields.writeLine(i, out);
            }
        }
        if (trace != null) {
            out.writeBytes(TRACE_PARENT.array());
            trace.writeParent(out);
            out.writeShort('\r' << 8 | '\n');
        }
        if (fields.find(HeaderName.CONTENT_TYPE) < 0) {
            out.writeBytes(JSON.array());
        }
        out.writeBytes(REQUEST_ID.array());
        ByteBufUtil.writeAscii(out, exchange.id());
        if (bodyBytes >= 0) {
            out.writeBytes(LENGTH.array());
            ByteBufUtil.writeAscii(out, Long.toString(bodyBytes));
        } else {
            out.writeBytes(CHUNKED.array());
        }
        out.writeBytes(END.array());
    }

    /** The gateway's own span is the parent now; what else the caller says of a trace goes with that trace. */
    private static boolean passes(@Nullable HeaderName name, Trace trace) {
        return name != HeaderName.TRACEPARENT && (name != HeaderName.TRACESTATE || trace.continues());
    }

    private static boolean passes(HeaderFields fields, int i, Operation operation) {
        HeaderName name = fields.name(i);
        if (name == null) {
            return !fields.hasUnderscore(i) && !fields.isNamedByConnection(i);
        }
        if (name == HeaderName.ACCEPT_ENCODING) {
            // Usage must be read in the answer, so the gateway does not ask for a compressed one.
            return !operation.tellsUsage();
        }
        return name.goesUpstream() && name != HeaderName.X_REQUEST_ID && !fields.isNamedByConnection(i);
    }
}
