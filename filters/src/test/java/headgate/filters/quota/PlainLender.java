package headgate.filters.quota;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** What {@code window.lua} should do, in one process and by a clock of the test's; {@link WindowScriptTest} compares both. */
final class PlainLender implements Lender {
    private static final long MICRO = 1000;

    private final LongSupplier micros;
    private TreeMap<Long, Long> cells = new TreeMap<>();
    private long birth = -1;
    private long youngUntil;

    /** An empty account, by a clock that counts microseconds. */
    PlainLender(LongSupplier micros) {
        this.micros = micros;
    }

    /** Forgets all. */
    void lose() {
        cells = new TreeMap<>();
        birth = -1;
        youngUntil = 0;
    }

    /** What is booked in a cell. */
    long booked(long cell) {
        return cells.getOrDefault(cell, 0L);
    }

    @Override
    public boolean up(String limit) {
        return true;
    }

    @Override
    public Question ask(Demand demand) {
        CompletableFuture<Offer> offer = CompletableFuture.completedFuture(offer(demand));
        return new Question(offer, offer);
    }

    /** What comes of it now. */
    Offer offer(Demand demand) {
        long now = micros.getAsLong();
        long length = demand.account().cellNanos() / MICRO;
        long inProgress = Math.floorDiv(now + Meter.TRANSIT_NANOS / MICRO, length);
        long over = now + Meter.TRANSIT_NANOS / MICRO - inProgress * length;
        long cell = demand.ahead() ? inProgress + 1 : inProgress;
        boolean made = birth < 0;
        birth = made ? now : birth;
        boolean unknown = !demand.birth().isEmpty() && !demand.birth().equals(Long.toString(birth));
        long grace = demand.birth().isEmpty() ? 0 : RedisLender.GRACE.toNanos() / MICRO;
        if ((made || unknown) && now < birth + grace) {
            youngUntil = birth + grace;
        }
        if (unknown) {
            return offer(Offer.UNKNOWN, inProgress, over, 0, 0, 0, List.of());
        }
        long oldest = now / length - 60;
        demand.corrections().forEach((at, delta) -> {
            if (at >= oldest) {
                cells.merge(at, delta, Long::sum);
            }
        });
        cells.headMap(oldest).clear();
        long free = demand.most() - sum(inProgress - 60, Long.MAX_VALUE);
        if (!demand.ahead()) {
            free = Math.min(free, demand.most() - sum(oldest, inProgress + 1));
        }
        long young = Math.max(0, youngUntil - now);
        long lent = Math.max(0, Math.min(free, Math.max(demand.needed(), Math.min(demand.wanted(), half(free)))));
        lent = lent < demand.least() || young > 0 ? 0 : lent;
        if (lent > 0) {
            cells.merge(cell, lent, Long::sum);
        }
        List<Long> leaving = new ArrayList<>();
        long reset = 0;
        for (Map.Entry<Long, Long> booked : cells.entrySet()) {
            if (booked.getValue() > 0) {
                reset = (booked.getKey() + 61) * length - now;
                leaving.addAll(List.of(reset * MICRO, booked.getValue()));
            }
        }
        return offer(
                young > 0 ? Offer.YOUNG : lent,
                cell,
                over,
                Math.max(0, free - lent),
                young,
                reset,
                lent > 0 ? List.of() : leaving);
    }

    private Offer offer(long lent, long cell, long over, long free, long young, long reset, List<Long> leaving) {
        return new Offer(lent, cell, over * MICRO, Long.toString(birth), free, young * MICRO, reset * MICRO, leaving);
    }

    private long sum(long from, long before) {
        return cells.subMap(from, before).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static long half(long free) {
        return Math.floorDiv(free, 2);
    }
}
