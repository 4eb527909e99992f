package headgate.filters.quota;

import headgate.filters.redis.LuaScript;
import headgate.filters.redis.RedisLink;
import headgate.filters.redis.ScriptAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Lends from Redis: each limit is one key there, which one script reads and writes in one step.
 *
 * <p>Safe for all threads; answers come on a thread of the link's.
 */
final class RedisLender implements Lender {
    private static final long MICRO_NANOS = 1000;
    /** After it has lost all, Redis lends nothing until every node has found it again and told what it has booked. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private final RedisLink link;
    private final LuaScript window;
    private final LuaScript bucket;
    /** When Redis last knew what it had been told. */
    private volatile long knownNanos = System.nanoTime();

    RedisLender(RedisLink link) {
        this(
                link,
                LuaScript.beside(RedisLender.class, "window.lua"),
                LuaScript.beside(RedisLender.class, "bucket.lua"));
    }

    RedisLender(RedisLink link, LuaScript window, LuaScript bucket) {
        this.link = link;
        this.window = window;
        this.bucket = bucket;
    }

    @Override
    public boolean up(String limit) {
        return link.up(key(limit));
    }

    @Override
    public Question ask(Demand demand) {
        String key = key(demand.account().name());
        boolean lost = !demand.birth().isEmpty() || link.backWithin(GRACE, key);
        List<String> arguments = new ArrayList<>(List.of(
                Long.toString(demand.account().cellNanos() / MICRO_NANOS),
                Integer.toString(SharedMeter.CELLS),
                Long.toString(demand.most()),
                Long.toString(demand.wanted()),
                Long.toString(demand.least()),
                demand.ahead() ? "1" : "0",
                demand.birth(),
                Long.toString(lost ? GRACE.toNanos() / MICRO_NANOS : 0)));
        boolean utilization = demand.account().unit() == QuotaUnit.UTILIZATION;
        if (utilization) {
            arguments.add(Long.toString(demand.countsForNanos() / MICRO_NANOS));
        } else {
            arguments.add(Long.toString(demand.needed()));
            arguments.add(Long.toString(Meter.TRANSIT_NANOS / MICRO_NANOS));
        }
        demand.corrections().forEach((cell, delta) -> {
            arguments.add(Long.toString(cell));
            arguments.add(Long.toString(delta));
        });
        LuaScript script = utilization ? bucket : window;
        RedisLink.Asked asked = link.ask(script, List.of(key), arguments.toArray(String[]::new));
        return new Question(
                asked.inTime().thenApply(RedisLender::offer).thenApply(offer -> noted(demand, offer)),
                asked.ever().thenApply(RedisLender::offer));
    }

    /** Whether an answer has shown so lately that Redis knows what it was told. */
    boolean knownWithin(Duration time) {
        return System.nanoTime() - knownNanos < time.toNanos();
    }

    private Offer noted(Demand demand, Offer offer) {
        if (offer.lent() == Offer.UNKNOWN) {
            link.lost(key(demand.account().name()));
        } else if (!demand.birth().isEmpty()) {
            knownNanos = System.nanoTime();
        }
        return offer;
    }

    private String key(String limit) {
        return link.key(limit, "quota");
    }

    private static List<Long> leaving(List<Long> micros) {
        List<Long> nanos = new ArrayList<>(micros);
        for (int i = 0; i < nanos.size(); i += 2) {
            nanos.set(i, nanos.get(i) * MICRO_NANOS);
        }
        return nanos;
    }

    private static Offer offer(ScriptAnswer answer) {
        String birth = answer.text(3);
        if (birth == null) {
            throw new IllegalStateException("a loan without a birth");
        }
        return new Offer(
                answer.number(0),
                answer.number(1),
                answer.number(2) * MICRO_NANOS,
                birth,
                answer.number(4),
                answer.number(5) * MICRO_NANOS,
                answer.number(6) * MICRO_NANOS,
                leaving(answer.numbers(7)));
    }
}
