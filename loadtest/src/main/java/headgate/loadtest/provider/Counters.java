package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The provider's own truth about what reached it, to check a gateway against.
 *
 * <p>Reading the counters over HTTP counts as a connection with its bytes, but not as a request or an answer. Of the
 * streams started, those not completed, cancelled or cut are still open.
 */
public final class Counters {
    /** What is counted. */
    public enum Count {
        /** Connections accepted. */
        CONNECTIONS,
        /** Request heads that arrived. */
        REQUESTS,
        /** Exchanges, streamed or not, that the caller left before the answer's last byte. */
        CANCELLED,
        /** Answers sent in events or chunks whose head was written. */
        STREAMS_STARTED,
        /** Streams handed to the transport up to their last byte. */
        STREAMS_COMPLETED,
        /** Streams that the caller left. */
        STREAMS_CANCELLED,
        /** Streams that a fault ended. */
        STREAMS_CUT,
        /** Events of all streams, also of those that were cut later. */
        EVENTS_WRITTEN,
        /** Bytes received, inside TLS if there is TLS. */
        BYTES_IN,
        /** Bytes written, inside TLS if there is TLS. */
        BYTES_OUT,
        /** Prompt tokens of the answers that began. */
        PROMPT_TOKENS,
        /** Completion tokens that were written, of a stream that was cut only those before the cut. */
        COMPLETION_TOKENS
    }

    private static final int STATUS_MAX = 599;

    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
    private final LongAdder[] answers =
            Stream.generate(LongAdder::new).limit(STATUS_MAX + 1).toArray(LongAdder[]::new);

    public Counters() {
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
    }

    public long value(Count count) {
        return counter(count).sum();
    }

    /** Answers whose head was written with this status. */
    public long answers(int status) {
        return answers[status].sum();
    }

    /** All counters as one JSON object; statuses never answered are left out. */
    public byte[] json() {
        StringJoiner statuses = new StringJoiner(",", "\"answers\":{", "}");
        for (int status = 0; status <= STATUS_MAX; status++) {
            if (answers(status) > 0) {
                statuses.add("\"" + status + "\":" + answers(status));
            }
        }
        StringJoiner all = new StringJoiner(",", "{", "}\n");
        counts.forEach((count, sum) -> all.add("\"" + count.name().toLowerCase(Locale.ROOT) + "\":" + sum));
        return all.add(statuses.toString()).toString().getBytes(UTF_8);
    }

    void add(Count count, long amount) {
        counter(count).add(amount);
    }

    void answered(int status) {
        answers[status].increment();
    }

    private LongAdder counter(Count count) {
        return Objects.requireNonNull(counts.get(count));
    }
}
