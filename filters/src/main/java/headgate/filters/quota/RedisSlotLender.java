package headgate.filters.quota;

import headgate.filters.redis.LuaScript;
import headgate.filters.redis.RedisLink;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Lends slots from Redis: each limit is one key there, in which each node has its own field.
 *
 * <p>Safe for all threads; answers come on a thread of the link's.
 */
final class RedisSlotLender implements SlotLender {
    private static final LuaScript SLOTS = LuaScript.beside(RedisSlotLender.class, "slots.lua");
    private static final long MICRO_NANOS = 1000;

    private final RedisLink link;
    private final String node;

    /**
     * A lender to one node.
     *
     * @param node a name that no other node has, nor this one after a restart
     */
    RedisSlotLender(RedisLink link, String node) {
        this.link = link;
        this.node = node;
    }

    @Override
    public boolean up(String limit) {
        return link.up(key(limit));
    }

    @Override
    public CompletionStage<SlotOffer> ask(SlotDemand demand) {
        String key = key(demand.limit());
        String[] arguments = {
            node,
            Integer.toString(demand.most()),
            Integer.toString(demand.wanted()),
            Integer.toString(demand.open()),
            Integer.toString(demand.held()),
            Long.toString(LEASE_NANOS / MICRO_NANOS),
            Long.toString(RedisLender.GRACE.toNanos() / MICRO_NANOS),
            link.backWithin(RedisLender.GRACE, key) ? "1" : "0"
        };
        return link.run(SLOTS, List.of(key), arguments)
                .thenApply(answer ->
                        new SlotOffer((int) answer.number(0), (int) answer.number(1), answer.number(2) * MICRO_NANOS));
    }

    private String key(String limit) {
        return link.key(limit, "slots");
    }
}
