package headgate.loadtest.report;

import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.measure.Latency;
import headgate.loadtest.measure.Measures;
import headgate.loadtest.measure.Measures.Count;
import headgate.loadtest.measure.Outcome;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a run may be believed, and whether the target passed.
 *
 * @param starved in what the generator fell short; empty if it did not
 * @param voids why the run says nothing about the target, which is that, or calls that were not made; empty if it does
 * @param faults what no load excuses: crossed, wrong or incomplete answers, or too many errors
 */
public record Verdict(List<String> starved, List<String> voids, List<String> faults) {
    /** The exit codes of the command. */
    public static final int GOOD = 0;

    public static final int FAULTY = 1;
    public static final int VOID = 3;

    public static Verdict of(Result run) {
        Measures measures = run.measures();
        List<String> starved = starved(run);
        List<String> voids = new ArrayList<>(starved);
        if (measures.count(Count.STARTED) == 0) {
            voids.add("no call was begun after the warm-up");
        }
        long unsent = measures.count(Outcome.UNSENT);
        if (unsent > 0) {
            voids.add(unsent + " calls were never sent, since too many waited for one of "
                    + run.scenario().text(Key.CONNECTIONS) + " connections");
        }
        List<String> faults = new ArrayList<>();
        for (Outcome outcome : List.of(Outcome.CROSSED, Outcome.WRONG, Outcome.INCOMPLETE)) {
            if (measures.count(outcome) > 0) {
                faults.add(measures.count(outcome) + " answers were " + outcome.word());
            }
        }
        double errors = run.scenario().number(Key.ERRORS_SHARE);
        if (measures.errors() > errors * measures.ended()) {
            faults.add(format(
                    "%d of %d calls failed (at most %.2f %% may)", measures.errors(), measures.ended(), 100 * errors));
        }
        return new Verdict(starved, List.copyOf(voids), List.copyOf(faults));
    }

    /** {@link #VOID} if the run is void, else {@link #FAULTY} if answers were, else {@link #GOOD}. */
    public int exitCode() {
        return !voids.isEmpty() ? VOID : !faults.isEmpty() ? FAULTY : GOOD;
    }

    public boolean isVoid() {
        return !voids.isEmpty();
    }

    private static List<String> starved(Result run) {
        List<String> starved = new ArrayList<>();
        Measures measures = run.measures();
        Scenario scenario = run.scenario();
        long started = measures.count(Count.STARTED);
        long late = measures.count(Count.LATE);
        double share = scenario.number(Key.LATE_SHARE);
        if (late > share * started) {
            starved.add(format(
                    "%d of %d calls began more than %s after their time (at most %.2f %% may; the latest by %.1f ms):"
                            + " the generator was starved",
                    late,
                    started,
                    scenario.text(Key.LATE),
                    100 * share,
                    measures.total(Latency.LATENESS).getMaxValue() / 1e3));
        }
        double hiccup = measures.total(Latency.HICCUP).getValueAtPercentile(99) / 1e3;
        double total = measures.total(Latency.TOTAL).getValueAtPercentile(99) / 1e3;
        if (total > 0 && hiccup > scenario.number(Key.HICCUP) * total) {
            starved.add(format(
                    "the generator's own hiccups (p99 %.2f ms) are more than %s times what was measured (total p99 %.2f ms)",
                    hiccup, scenario.text(Key.HICCUP), total));
        }
        double busy = scenario.number(Key.BUSY_SHARE);
        if (run.busyShare() > busy) {
            starved.add(format(
                    "a thread of the generator was busy for %.1f %% of the time (at most %.1f %% may be)",
                    100 * run.busyShare(), 100 * busy));
        }
        return List.copyOf(starved);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
