package headgate.proxy.downstream;

import headgate.filters.model.ScannerPool;
import headgate.proxy.loop.Deadlines;
import headgate.proxy.telemetry.AccessLog;
import headgate.proxy.telemetry.LoopMetrics;
import headgate.proxy.upstream.UpstreamPool;

/** What belongs to one event loop and is used by all its connections. */
public record LoopParts(
        Deadlines deadlines,
        Connections connections,
        ScannerPool scanners,
        UpstreamPool upstreams,
        AccessLog.Journal journal,
        LoopMetrics metrics) {}
