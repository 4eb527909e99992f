package headgate.loadtest.measure;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Everything that a run counts and times; loops write, one thread reads.
 *
 * <p>Times are recorded in microseconds, three digits, up to an hour.
 */
public final class Measures {
    private static final long MICROS_MAX = 3_600_000_000L;
    private static final int DIGITS = 3;

    /** What is counted beside outcomes. */
    public enum Count {
        /** Calls whose intended time came. */
        DUE,
        /** Calls that were begun, in time or late. */
        STARTED,
        /** Calls that were begun too late: the generator's fault. */
        LATE,
        /** Calls that had to wait for a connection, because all were busy. */
        QUEUED,
        /** Attempts beyond the first. */
        RETRIES,
        /** Those of them that came after as long a wait as the target had advised. */
        HEEDED,
        /** Calls sent anew since their connection ended before their turn: a caller had left it, or the target had said so. */
        RESENT,
        /** Events of streams. */
        EVENTS,
        /** Completion tokens, as usage told them. */
        TOKENS,
        /** Calls that ended between the end of the warm-up and the last moment at which calls begin, whenever they began. */
        ENDED_IN_TIME,
        /** The good ones of them. */
        GOOD_IN_TIME,
        /** Their completion tokens. */
        TOKENS_IN_TIME,
        /** Bytes sent in that time, inside TLS if there is TLS. */
        BYTES_OUT,
        /** Bytes received in that time, inside TLS if there is TLS. */
        BYTES_IN,
        /** Connections made. */
        CONNECTIONS,
        /** Idle connections that the target closed or refused. */
        IDLE_LOST
    }

    private final Map<Count, LongAdder> counts = filled(Count.class, LongAdder::new);
    private final Map<Outcome, LongAdder> outcomes = filled(Outcome.class, LongAdder::new);
    private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    private final Map<Latency, Recorder> recorders = filled(Latency.class, () -> new Recorder(MICROS_MAX, DIGITS));
    private final Map<Latency, Histogram> totals = filled(Latency.class, () -> new Histogram(MICROS_MAX, DIGITS));

    public void add(Count count, long amount) {
        Objects.requireNonNull(counts.get(count)).add(amount);
    }

    public void ended(Outcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
    }

    public void answered(int status) {
        statuses.computeIfAbsent(status, unseen -> new LongAdder()).increment();
    }

    public void took(Latency latency, long nanos) {
        long micros = Math.max(0, Math.min(MICROS_MAX, nanos / 1000));
        Objects.requireNonNull(recorders.get(latency)).recordValue(micros);
    }

    public long count(Count count) {
        return Objects.requireNonNull(counts.get(count)).sum();
    }

    public long count(Outcome outcome) {
        return Objects.requireNonNull(outcomes.get(outcome)).sum();
    }

    /** Calls that ended, however they did. */
    public long ended() {
        return outcomes.values().stream().mapToLong(LongAdder::sum).sum();
    }

    public long errors() {
        return outcomes.keySet().stream()
                .filter(Outcome::isError)
                .mapToLong(this::count)
                .sum();
    }

    /** How often each status other than 200 was the answer. */
    public Map<Integer, Long> statuses() {
        Map<Integer, Long> sums = new TreeMap<>();
        statuses.forEach((status, times) -> sums.put(status, times.sum()));
        return sums;
    }

    /** What was recorded since the last call of this method, in microseconds; only for the one thread that reads. */
    public Histogram since(Latency latency) {
        Histogram interval = Objects.requireNonNull(recorders.get(latency)).getIntervalHistogram();
        total(latency).add(interval);
        return interval;
    }

    /** All that {@link #since} has seen. */
    public Histogram total(Latency latency) {
        return Objects.requireNonNull(totals.get(latency));
    }

    private static <K extends Enum<K>, V> Map<K, V> filled(Class<K> keys, Supplier<V> value) {
        Map<K, V> map = new EnumMap<>(keys);
        for (K key : Objects.requireNonNull(keys.getEnumConstants())) {
            map.put(key, value.get());
        }
        return map;
    }
}
