package headgate.proxy.telemetry;

import headgate.filters.Exchange;
import headgate.filters.Usage;
import headgate.filters.api.ProxyError.Kind;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop counts of the exchanges of one deployment and operation.
 *
 * <p>The loop alone writes, by plain additions; any thread reads.
 */
final class OperationCounters {
    /** Statuses are the upstreams' to choose, so their number has a bound; above, they are counted as status 0. */
    private static final int OUTCOMES_MAX = 100;

    /** Which deployment and operation. */
    record Label(String deployment, String operation) implements Comparable<Label> {
        @Override
        public int compareTo(Label other) {
            int order = deployment.compareTo(other.deployment);
            return order != 0 ? order : operation.compareTo(other.operation);
        }
    }

    final Durations firstByte = new Durations();
    final Durations betweenEvents = new Durations();
    final Durations total = new Durations();
    final AtomicLong promptTokens = new AtomicLong();
    final AtomicLong completionTokens = new AtomicLong();
    final AtomicLong cachedTokens = new AtomicLong();
    final AtomicLong reasoningTokens = new AtomicLong();
    final AtomicLong retries = new AtomicLong();

    private final CopyOnWriteArrayList<Outcome> outcomes = new CopyOnWriteArrayList<>();

    /** Adds to a counter that only this thread writes. */
    static void add(AtomicLong counter, long amount) {
        counter.setOpaque(counter.getPlain() + amount);
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    /** Counts an exchange that is over. */
    void ended(Exchange exchange, ExchangeRecord record) {
        total.record(record.endNanos - record.startNanos);
        add(outcome(record.status, record.error == null ? null : record.error.kind()).exchanges, 1);
        if (exchange.attempts() > 1) {
            add(retries, exchange.attempts() - 1);
        }
        Usage usage = exchange.usage();
        if (usage != null) {
            add(promptTokens, Math.max(0, usage.promptTokens()));
            add(completionTokens, Math.max(0, usage.completionTokens()));
            add(cachedTokens, Math.max(0, usage.cachedTokens()));
            add(reasoningTokens, Math.max(0, usage.reasoningTokens()));
        }
    }

    /** There are few, and the usual one is the first, so a list is what is found fastest. */
    private Outcome outcome(int status, @Nullable Kind error) {
        int size = outcomes.size();
        for (int i = 0; i < size; i++) {
            Outcome outcome = outcomes.get(i);
            if (outcome.is(status, error)) {
                return outcome;
            }
        }
        if (size >= OUTCOMES_MAX && status != 0) {
            return outcome(0, error);
        }
        Outcome fresh = new Outcome(status, error);
        outcomes.add(fresh);
        return fresh;
    }
}
