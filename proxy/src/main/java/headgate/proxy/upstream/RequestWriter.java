package headgate.proxy.upstream;

import headgate.filters.Exchange;
import headgate.proxy.routing.Endpoint;
import io.netty.buffer.ByteBuf;

/** Writes one request in the framing of the lane it goes on. */
interface RequestWriter {
    /**
     * Writes the head.
     *
     * @param authorization the line of a credential, or nothing
     * @param bodyBytes the body's length, or -1 when it is not known yet
     */
    void head(Exchange exchange, Endpoint endpoint, byte[] authorization, long bodyBytes);

    /** Writes a part of the body; passed to the writer. */
    void part(ByteBuf part);

    /** Writes the end of the body. */
    void end();

    /** Sends what was written. */
    void flush();

    /** Whether more can be written without piling up. */
    boolean writable();
}
