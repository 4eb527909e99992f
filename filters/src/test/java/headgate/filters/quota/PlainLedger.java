package headgate.filters.quota;

import headgate.conf.RateLimitConfig;
import java.util.ArrayList;
import java.util.List;

/** What one account should do, as lists of all that ever happened to it. */
final class PlainLedger {
    private static final long SECOND = 1_000_000_000L;

    private final RateLimitConfig limits;
    private final List<PlainWindow> windows = new ArrayList<>();
    private int open;

    PlainLedger(RateLimitConfig limits) {
        this.limits = limits;
        windows.add(new PlainWindow(orEndless(limits.requestsPerMinute()), SECOND));
        windows.add(new PlainWindow(orEndless(limits.tokensPerMinute()), SECOND));
        windows.add(new PlainWindow(orEndless(limits.tokensPerDay()), 1440 * SECOND));
        windows.add(new PlainWindow(orEndless(limits.spendPerDay()), 1440 * SECOND));
    }

    boolean fits(long requests, long tokens, long microUnits, long now) {
        long[] amounts = {requests, tokens, tokens, microUnits};
        boolean fits = limits.concurrent() == 0 || open < limits.concurrent();
        for (int i = 0; i < amounts.length; i++) {
            fits &= amounts[i] == 0 || windows.get(i).fits(amounts[i], now);
        }
        return fits;
    }

    List<PlainWindow.Booking> book(long requests, long tokens, long microUnits, long now) {
        open++;
        return List.of(
                windows.get(0).book(requests, now),
                windows.get(1).book(tokens, now),
                windows.get(2).book(tokens, now),
                windows.get(3).book(microUnits, now));
    }

    void settle(List<PlainWindow.Booking> booked, long requests, long tokens, long microUnits, long now) {
        open--;
        windows.get(0).correct(booked.get(0), requests, now);
        windows.get(1).correct(booked.get(1), tokens, now);
        windows.get(2).correct(booked.get(2), tokens, now);
        windows.get(3).correct(booked.get(3), microUnits, now);
    }

    long used(QuotaUnit unit, long now) {
        return switch (unit) {
            case REQUESTS -> windows.get(0).used(now);
            case TOKENS -> windows.get(1).used(now);
            case TOKENS_PER_DAY -> windows.get(2).used(now);
            case SPEND -> windows.get(3).used(now);
            case CONCURRENT -> open;
            case UTILIZATION -> throw new IllegalArgumentException("no window");
        };
    }

    private static long orEndless(long limit) {
        return limit == 0 ? 1L << 50 : limit;
    }
}
