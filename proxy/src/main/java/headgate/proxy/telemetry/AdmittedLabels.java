package headgate.proxy.telemetry;

import headgate.proxy.telemetry.OperationCounters.Label;
import java.util.HashSet;
import java.util.Set;

/**
 * Which deployments and operations have series of their own: those that came first, up to a bound, on all event loops the same.
 *
 * <p>Asked when a loop sees one for the first time, by any thread.
 */
final class AdmittedLabels {
    /** What stands for all deployments above the bound: no name that can be configured. */
    static final String OTHERS = "+";

    private final int most;
    private final Set<Label> admitted = new HashSet<>();

    AdmittedLabels(int most) {
        this.most = most;
    }

    /** The label itself, or the one of all others. */
    synchronized Label of(Label label) {
        return admitted.contains(label) || (admitted.size() < most && admitted.add(label))
                ? label
                : new Label(OTHERS, label.operation());
    }

    synchronized int size() {
        return admitted.size();
    }
}
