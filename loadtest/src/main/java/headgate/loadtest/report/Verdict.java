package headgate.loadtest.report;

import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.measure.Latency;
import headgate.loadtest.measure.Measures;
import headgate.loadtest.measure.Measures.Count;
import headgate.loadtest.measure.Outcome;
import headgate.loadtest.scenario.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a run may be believed, and whether the target passed.
 *
 * @param voids why the run says nothing about the target; empty if it does
 * @param faults answers that no load excuses: crossed, wrong or incomplete ones
 */
public record Verdict(List<String> voids, List<String> faults) {
    /** The exit codes of the command. */
    public static final int GOOD = 0;

    public static final int FAULTY = 1;
    public static final int VOID = 3;

    public static Verdict of(Result run) {
        List<String> voids = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Measures measures = run.measures();
        long started = measures.count(Count.STARTED);
        long late = measures.count(Count.LATE);
        double share = run.scenario().number(Key.LATE_SHARE);
        if (started == 0) {
            voids.add("no call was begun after the warm-up");
        }
        if (late > share * started) {
            voids.add(String.format(
                    Locale.ROOT,
                    "%d of %d calls began more than %s after their time (at most %.2f %% may; the latest by %.1f ms):"
                            + " the generator was starved",
                    late,
                    started,
                    run.scenario().text(Key.LATE),
                    100 * share,
                    measures.total(Latency.LATENESS).getMaxValue() / 1e3));
        }
        long unsent = measures.count(Outcome.UNSENT);
        if (unsent > 0) {
            voids.add(unsent + " calls were never sent, since too many waited for one of "
                    + run.scenario().text(Key.CONNECTIONS) + " connections");
        }
        for (Outcome outcome : List.of(Outcome.CROSSED, Outcome.WRONG, Outcome.INCOMPLETE)) {
            if (measures.count(outcome) > 0) {
                faults.add(measures.count(outcome) + " answers were " + outcome.word());
            }
        }
        return new Verdict(List.copyOf(voids), List.copyOf(faults));
    }

    /** {@link #VOID} if the run is void, else {@link #FAULTY} if answers were, else {@link #GOOD}. */
    public int exitCode() {
        return !voids.isEmpty() ? VOID : !faults.isEmpty() ? FAULTY : GOOD;
    }

    public boolean isVoid() {
        return !voids.isEmpty();
    }
}
