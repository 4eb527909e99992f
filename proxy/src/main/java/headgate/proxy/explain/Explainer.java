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
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells what would become of a request, without dispatch.
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
