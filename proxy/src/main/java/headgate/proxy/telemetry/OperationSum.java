package headgate.proxy.telemetry;

import headgate.proxy.telemetry.OperationCounters.Label;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** What all event loops together counted of one deployment and operation; belongs to the thread that reads. */
final class OperationSum {
    /** How an exchange ended, as labels say it. */
    record End(int status, String cause) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int order = Integer.compare(status, other.status);
            return order != 0 ? order : cause.compareTo(other.cause);
        }
    }

    final DurationSum firstByte = new DurationSum();
    final DurationSum betweenEvents = new DurationSum();
    final DurationSum total = new DurationSum();
    final Map<End, Long> ends = new TreeMap<>();
    long promptTokens;
    long completionTokens;
    long cachedTokens;
    long reasoningTokens;
    long retries;

    private OperationSum() {}

    /** Sums up what the loops have now, in the order of the names. */
    static Map<Label, OperationSum> of(Collection<LoopMetrics> loops) {
        Map<Label, OperationSum> sums = new TreeMap<>();
        for (LoopMetrics loop : loops) {
            loop.all()
                    .forEach((label, counters) -> sums.computeIfAbsent(label, fresh -> new OperationSum())
                            .add(counters));
        }
        return sums;
    }

    /** Of all exchanges, prompts and completions together. */
    long tokens() {
        return promptTokens + completionTokens;
    }

    private void add(OperationCounters counters) {
        firstByte.add(counters.firstByte);
        betweenEvents.add(counters.betweenEvents);
        total.add(counters.total);
        promptTokens += counters.promptTokens.getOpaque();
        completionTokens += counters.completionTokens.getOpaque();
        cachedTokens += counters.cachedTokens.getOpaque();
        reasoningTokens += counters.reasoningTokens.getOpaque();
        retries += counters.retries.getOpaque();
        for (Outcome outcome : counters.outcomes()) {
            ends.merge(new End(outcome.status, outcome.cause()), outcome.exchanges.getOpaque(), Long::sum);
        }
    }
}
