package headgate.filters.quota;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The log of what was admitted and used: how much of it lies in any window. */
final class UsedTokens {
    /** What one exchange used, and when it was admitted. */
    private record Used(long nanos, long tokens) {}

    private final List<Used> log = new ArrayList<>();

    void clear() {
        log.clear();
    }

    void add(long admittedNanos, long tokens) {
        log.add(new Used(admittedNanos, tokens));
    }

    int size() {
        return log.size();
    }

    /** What was admitted in the fullest window of this length. */
    long fullest(long window) {
        sort();
        long most = 0;
        long sum = 0;
        int first = 0;
        for (Used last : log) {
            sum += last.tokens;
            while (log.get(first).nanos <= last.nanos - window) {
                sum -= log.get(first++).tokens;
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    /** The same of the emptiest, of those that begin behind an exchange and end before this time. */
    long emptiest(long window, long end) {
        sort();
        long least = Long.MAX_VALUE;
        long sum = 0;
        int last = 0;
        for (Used first : log) {
            while (last < log.size() && log.get(last).nanos <= first.nanos + window) {
                sum += log.get(last++).tokens;
            }
            sum -= first.tokens;
            if (first.nanos + window < end) {
                least = Math.min(least, sum);
            }
        }
        return least;
    }

    private void sort() {
        log.sort(Comparator.comparingLong(Used::nanos));
    }
}
