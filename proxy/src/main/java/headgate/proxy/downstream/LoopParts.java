package headgate.proxy.downstream;

import headgate.filters.content.prompt.PromptScans;
import headgate.filters.model.ScannerPool;
import headgate.proxy.loop.Deadlines;
import headgate.proxy.routing.Gateway;
import headgate.proxy.routing.LoopGateway;
import headgate.proxy.telemetry.AccessLog;
import headgate.proxy.telemetry.LoopMetrics;
import headgate.proxy.upstream.UpstreamPool;

/** What belongs to one event loop and is used by all its connections. */
public record LoopParts(
        Deadlines deadlines,
        Connections connections,
        ScannerPool scanners,
        PromptScans promptScans,
        UpstreamPool upstreams,
        LoopGateway gateway,
        AccessLog.Journal journal,
        LoopMetrics metrics) {
    /**
     * Puts another configuration in force for what begins from now on; called on the loop.
     *
     * @param over told when no exchange of this loop uses the one before any more
     */
    public void replace(Gateway next, Runnable over) {
        connections.totalMax(next.limits().connections());
        scanners.limits(next.limits());
        upstreams.replace(next.routes().healths(), next.limits());
        gateway.replace(next, over);
    }
}
