package headgate.loadtest;

import java.io.IOException;

/**
 * Searches the highest good rate: doubles until a rate is bad, or halves until one is good, bisects down to a twentieth, and confirms what it found.
 *
 * <p>A rate counts only if a second run with other random numbers is good as well; else the next lower one is tried.
 */
final class Frontier {
    private static final int DOUBLINGS_MAX = 20;
    private static final int HALVINGS_MAX = 7;
    private static final int CONFIRMATIONS_MAX = 5;
    private static final double NARROW = 1.05;

    private final Prober prober;
    private boolean metVoid;
    private int attempts;

    /** How a rate did. */
    enum Probe {
        GOOD,
        BAD,
        VOID
    }

    /** Makes one run at a rate. */
    interface Prober {
        Probe probe(double rate, int attempt) throws IOException, InterruptedException;
    }

    Frontier(Prober prober) {
        this.prober = prober;
    }

    /** The highest rate that was good twice, in calls a second; 0 if none was. */
    double search(double first) throws IOException, InterruptedException {
        double good = 0;
        double bad = first;
        for (int doubling = 0; doubling < DOUBLINGS_MAX && good(bad); doubling++) {
            good = bad;
            bad *= 2;
        }
        for (int halving = 0; good == 0 && halving < HALVINGS_MAX; halving++) {
            double half = bad / 2;
            if (good(half)) {
                good = half;
            } else {
                bad = half;
            }
        }
        while (good > 0 && bad / good > NARROW) {
            double middle = Math.sqrt(good * bad);
            if (good(middle)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        for (int confirmation = 0; good > 0 && confirmation < CONFIRMATIONS_MAX; confirmation++) {
            if (good(good)) {
                return good;
            }
            good /= NARROW;
        }
        return 0;
    }

    /** Whether a rate could not be judged, since the generator did not keep up. */
    boolean metVoid() {
        return metVoid;
    }

    private boolean good(double rate) throws IOException, InterruptedException {
        Probe probe = prober.probe(rate, attempts++);
        metVoid |= probe == Probe.VOID;
        return probe == Probe.GOOD;
    }
}
