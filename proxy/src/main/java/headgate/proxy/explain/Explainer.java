package headgate.proxy.explain;

import headgate.conf.SourceConfig;
import headgate.filters.HeldBytes;
import headgate.filters.identity.FailedAttempts;
import headgate.filters.quota.ForecastLedger;
import headgate.filters.quota.QuotaLedger;
import headgate.proxy.admin.AdminAnswer;
import headgate.proxy.admin.AdminRequest;
import headgate.proxy.downstream.DownstreamInitializer;
import headgate.proxy.downstream.LoopParts;
import headgate.proxy.telemetry.AccessLog;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Tells what would become of a request, without dispatch, or what became of one.
 *
 * <p>May be asked on any thread; each question is answered on one of the gateway's event loops.
 */
public final class Explainer {
    private final FailedAttempts failures;
    private final HeldBytes heldBytes;
    private final QuotaLedger ledger;
    private final Map<EventLoop, LoopParts> loops;

    /**
     * For the exchanges of these loops.
     *
     * @param loops of which there is one by the time it is asked
     */
    public Explainer(
            FailedAttempts failures, HeldBytes heldBytes, QuotaLedger ledger, Map<EventLoop, LoopParts> loops) {
        this.failures = failures;
        this.heldBytes = heldBytes;
        this.ledger = ledger;
        this.loops = loops;
    }

    /** Answers the page: the body is the request to be explained. */
    public CompletionStage<AdminAnswer> explain(AdminRequest request) {
        Imagined imagined;
        try {
            imagined = Imagined.read(request.body());
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedStage(AdminAnswer.text(400, String.valueOf(e.getMessage())));
        }
        Map.Entry<EventLoop, LoopParts> any = loops.entrySet().iterator().next();
        return run(imagined, any.getKey(), any.getValue()).thenApply(json -> AdminAnswer.json(200, json));
    }

    /** Answers the page that asks for the exchanges of one {@code id} that are over, the newest first. */
    public CompletionStage<AdminAnswer> lookUp(AdminRequest request) {
        String id = request.parameter("id");
        if (id == null || id.isEmpty()) {
            return CompletableFuture.completedStage(AdminAnswer.text(
                    400, "An id was expected, as /explain?id=ID: every answer has it in x-request-id."));
        }
        CompletableFuture<Stream<String>> all = CompletableFuture.completedFuture(Stream.empty());
        for (Map.Entry<EventLoop, LoopParts> each : loops.entrySet()) {
            all = all.thenCombine(
                    CompletableFuture.supplyAsync(
                            () -> each.getValue().journal().find(id), each.getKey()),
                    (found, more) -> Stream.concat(found, more.stream()));
        }
        return all.thenApply(Explainer::found);
    }

    private static AdminAnswer found(Stream<String> lines) {
        List<String> newestFirst = lines.sorted(AccessLog.NEWEST_FIRST).toList();
        return newestFirst.isEmpty()
                ? AdminAnswer.text(404, "No exchange of this id is among the last ones (limits.decisions).")
                : AdminAnswer.json(200, "{\"exchanges\":[" + String.join(",", newestFirst) + "]}");
    }

    private CompletionStage<String> run(Imagined imagined, EventLoop loop, LoopParts parts) {
        DryChannel channel = new DryChannel(imagined.source());
        ForecastLedger forecast = new ForecastLedger(ledger);
        // The gates of callers, over books that only tell.
        DownstreamInitializer gates =
                new DownstreamInitializer(failures.imagined(), heldBytes, forecast, loops, null, SourceConfig.NONE);
        DryRun run = new DryRun(imagined, parts, channel, forecast);
        loop.register(channel).addListener(registered -> {
            if (registered.isSuccess()) {
                run.begin(gates);
            } else {
                run.told().completeExceptionally(registered.cause());
            }
        });
        return run.told();
    }
}
