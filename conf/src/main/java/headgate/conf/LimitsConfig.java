package headgate.conf;

import java.time.Duration;

/**
 * The bounds that protect the process from what callers and upstreams send. Sizes are in bytes.
 *
 * @param requestLineBytes longest request line; above: 414; default 8 KiB
 * @param headerBytes a request's head with all its header fields; above: 431; bounds a PROXY header and a ClientHello too; default 32 KiB
 * @param headerCount header fields of a request; above: 431; default 100
 * @param answerHeaderBytes an upstream answer's head; above: 502; default 64 KiB
 * @param bodyBytes largest request body; above: 413; default 64 MiB
 * @param heldBytes a body up to this is held and judged whole, and can be retried; a larger one streams; default 1 MiB
 * @param heldBytesPerExchange most that one exchange may hold while its deployment is not known; above: 413; default 64 MiB
 * @param heldBytesTotal most that all exchanges may hold together; above: 503; default 256 MiB
 * @param pipelinedBytes most that is read ahead of the exchange in progress; above: the connection is not read; default 64 KiB
 * @param connections open downstream connections; above: closed at once; default 10,000
 * @param headerTime from a request's first byte to the end of its head; above: 408; bounds a PROXY header and a TLS handshake too; default 10 s
 * @param bodyIdle between two bytes of a request's body; above: 408; default 30 s
 * @param keepAliveIdle between two exchanges of a connection; above: closed; default 75 s
 * @param lingerTime how long the rest of a refused request is read and thrown away before the connection closes; default 2 s
 * @param jsonDepth nesting of a JSON body; above: 400; default 64
 * @param textSpans separate texts in one body; above: 400; default 65,536
 * @param upstreamConnections open connections to one endpoint, for each event loop; above: waits; default 1,024
 * @param upstreamStreams exchanges at once on one HTTP/2 connection to an endpoint, if it allows as many; above: another
 *     connection; default 100
 * @param upstreamPending exchanges that wait for a connection to one endpoint, for each event loop; above: 503; default 1,024
 * @param upstreamIdle how long an unused upstream connection is kept; default 50 s
 * @param upstreamPing how long an HTTP/2 connection may be silent before it is asked for a sign of life, and how long that may
 *     take; then: closed; default 20 s
 * @param http2 the bounds of one HTTP/2 connection
 * @param contentFilter the bounds of what is judged
 * @param accessLogBytes access-log lines that wait for the writer; above: lines are dropped and counted; default 4 MiB
 * @param metricSeries pairs of deployment and operation that have metrics of their own, and limits that have; above: all
 *     such pairs together, and no more limits; default 1,000
 * @param decisions exchanges that can be looked up by their id after their end; 0 for none; default 10,000
 */
public record LimitsConfig(
        int requestLineBytes,
        int headerBytes,
        int headerCount,
        int answerHeaderBytes,
        long bodyBytes,
        int heldBytes,
        int heldBytesPerExchange,
        long heldBytesTotal,
        int pipelinedBytes,
        int connections,
        Duration headerTime,
        Duration bodyIdle,
        Duration keepAliveIdle,
        Duration lingerTime,
        int jsonDepth,
        int textSpans,
        int upstreamConnections,
        int upstreamStreams,
        int upstreamPending,
        Duration upstreamIdle,
        Duration upstreamPing,
        Http2 http2,
        ContentFilter contentFilter,
        int accessLogBytes,
        int metricSeries,
        int decisions) {
    /**
     * The bounds of one HTTP/2 connection of a caller.
     *
     * @param streams exchanges that may be open at once; above: refused; default 100
     * @param windowBytes what a caller may send of one body before it is taken; default 256 KiB
     * @param resets streams that may be reset, by the caller or on its account, within 30 s; above: closed; default 200
     * @param controlFrames frames that carry neither a request nor a window, within 30 s; above: closed; default 3,000
     */
    public record Http2(int streams, int windowBytes, int resets, int controlFrames) {}

    /**
     * The bounds of what is judged.
     *
     * @param matchCharacters the longest text that a regular expression of a blocklist is sure to find; it is what a scan holds
     *     back for each one; default 1,000
     * @param judgedBytes the text of one prompt that is given to judges; of what is longer they have not judged all, and the
     *     policy's {@code outage} applies; default 1 MiB
     * @param answerBytes of an answer that may wait until they are judged; above, the policy's {@code outage} applies; default
     *     4 MiB
     * @param batchCharacters how much of a completion judges are asked about at once, unless it is over before; default 500
     */
    public record ContentFilter(int matchCharacters, int judgedBytes, int answerBytes, int batchCharacters) {}
}
