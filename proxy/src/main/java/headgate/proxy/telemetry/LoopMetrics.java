package headgate.proxy.telemetry;

import headgate.filters.Deployment;
import headgate.filters.Exchange;
import headgate.filters.api.Operation;
import headgate.filters.api.OperationMatch;
import headgate.proxy.telemetry.OperationCounters.Label;
import io.netty.channel.EventLoop;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop counts, told by whoever begins and ends its exchanges.
 *
 * <p>The loop alone writes; any thread reads. Counters are found by the deployment itself, not by its name, so an exchange
 * costs neither an allocation nor a text; the names come in only when a deployment is seen for the first time.
 */
public final class LoopMetrics {
    /** What stands for a deployment or an operation that is not known: no name that can be configured. */
    static final String UNKNOWN = "-";

    private static final long LOOK_MS = 200;

    private final AdmittedLabels admitted;
    private final IdentityHashMap<Deployment, EnumMap<Operation, OperationCounters>> known = new IdentityHashMap<>();
    private final EnumMap<Operation, OperationCounters> withoutDeployment = new EnumMap<>(Operation.class);
    private final Map<Label, OperationCounters> all = new ConcurrentHashMap<>();
    private final AtomicLong openExchanges = new AtomicLong();
    private final AtomicLong openStreams = new AtomicLong();
    private final Durations lag = new Durations();
    private long lookNanos;

    /**
     * Counts nothing yet, beside nobody.
     *
     * @param seriesMax pairs of deployment and operation that are counted by themselves
     */
    public LoopMetrics(int seriesMax) {
        this(new AdmittedLabels(seriesMax));
    }

    /** The same, with whoever has these labels too. */
    LoopMetrics(AdmittedLabels admitted) {
        this.admitted = admitted;
    }

    /** Measures from now on how late this loop comes to what it should do at a certain time. */
    void watch(EventLoop loop) {
        lookNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MS);
        loop.scheduleWithFixedDelay(
                () -> {
                    long now = System.nanoTime();
                    lag.record(now - lookNanos);
                    lookNanos = now + TimeUnit.MILLISECONDS.toNanos(LOOK_MS);
                },
                LOOK_MS,
                LOOK_MS,
                TimeUnit.MILLISECONDS);
    }

    /** An exchange begins. */
    public void began() {
        OperationCounters.add(openExchanges, 1);
    }

    /** The head of an answer leaves; whether an upstream's can be told from the exchange. */
    public void answerBegins(Exchange exchange, ExchangeRecord record, boolean eventStream) {
        if (exchange.sentNanos() == 0 || record.error != null) {
            return;
        }
        OperationCounters counters = of(exchange);
        counters.firstByte.record(record.answerNanos - record.startNanos);
        if (eventStream) {
            record.streaming = counters;
            OperationCounters.add(openStreams, 1);
        }
    }

    /** A burst of events leaves. */
    public void burst(ExchangeRecord record) {
        OperationCounters counters = record.streaming;
        if (counters != null) {
            long now = System.nanoTime();
            if (record.burstNanos != 0) {
                counters.betweenEvents.record(now - record.burstNanos);
            }
            record.burstNanos = now;
        }
    }

    /** An exchange is over. */
    public void ended(Exchange exchange, ExchangeRecord record) {
        OperationCounters.add(openExchanges, -1);
        OperationCounters counters = record.streaming;
        if (counters == null) {
            counters = of(exchange);
        } else {
            OperationCounters.add(openStreams, -1);
        }
        counters.ended(exchange, record);
    }

    Map<Label, OperationCounters> all() {
        return all;
    }

    long openExchanges() {
        return openExchanges.getOpaque();
    }

    long openStreams() {
        return openStreams.getOpaque();
    }

    Durations lag() {
        return lag;
    }

    private OperationCounters of(Exchange exchange) {
        Deployment deployment = exchange.deployment();
        OperationMatch match = exchange.operation();
        if (match == null) {
            return named(deployment, null);
        }
        Map<Operation, OperationCounters> operations = deployment == null ? withoutDeployment : operations(deployment);
        OperationCounters counters = operations.get(match.operation());
        if (counters == null) {
            counters = named(deployment, match.operation());
            operations.put(match.operation(), counters);
        }
        return counters;
    }

    /** Deployments of an earlier configuration are forgotten here when there are more than there can be names for. */
    private EnumMap<Operation, OperationCounters> operations(Deployment deployment) {
        EnumMap<Operation, OperationCounters> operations = known.get(deployment);
        if (operations == null) {
            if (known.size() > admitted.size()) {
                known.clear();
            }
            operations = new EnumMap<>(Operation.class);
            known.put(deployment, operations);
        }
        return operations;
    }

    /** By name, so that a deployment goes on where it was before the configuration was read again. */
    private OperationCounters named(@Nullable Deployment deployment, @Nullable Operation operation) {
        String does = operation == null ? UNKNOWN : operation.word();
        Label label = new Label(deployment == null ? UNKNOWN : deployment.name(), does);
        return all.computeIfAbsent(deployment == null ? label : admitted.of(label), fresh -> new OperationCounters());
    }
}
