package headgate.proxy.telemetry;

import headgate.proxy.telemetry.OperationCounters.Label;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was counted at a few moments of the last minute, to tell what it brought; belongs to one thread.
 *
 * <p>Only what is told is kept, and nothing that is older: when nobody has looked for a minute, nothing is known of it.
 */
final class LastMinute {
    static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(6);

    /** Of one deployment and operation. */
    record Row(long requests, long tokens, DurationSum firstByte, Map<OperationSum.End, Long> ends) {
        static Row of(OperationSum sum) {
            return new Row(sum.total.count(), sum.tokens(), sum.firstByte, sum.ends);
        }
    }

    /** Of all that are told of, at one moment. */
    record Reading(long nanos, Map<Label, Row> rows) {
        /** Of the first so many. */
        static Reading of(long nanos, Map<Label, OperationSum> sums, int rowsMax) {
            Map<Label, Row> rows = new HashMap<>();
            sums.entrySet().stream()
                    .limit(rowsMax)
                    .forEach(entry -> rows.put(entry.getKey(), Row.of(entry.getValue())));
            return new Reading(nanos, rows);
        }

        /** Null where there was nothing to be counted yet. */
        @Nullable
        Row row(Label label) {
            return rows.get(label);
        }
    }

    private final Deque<Reading> readings = new ArrayDeque<>();

    /** The earliest one that is not older than a minute: this one, when there is no other. */
    Reading before(Reading now) {
        forget(now.nanos);
        if (readings.isEmpty() || now.nanos - readings.getLast().nanos >= APART_NANOS) {
            readings.add(now);
        }
        return readings.element();
    }

    /** Lets go of what is older than a minute at this time; whether anything is left. */
    boolean forget(long nanos) {
        while (!readings.isEmpty() && nanos - readings.element().nanos > WINDOW_NANOS) {
            readings.remove();
        }
        return !readings.isEmpty();
    }

    int size() {
        return readings.size();
    }
}
