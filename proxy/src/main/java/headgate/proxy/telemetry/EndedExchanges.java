package headgate.proxy.telemetry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last exchanges of one event loop that are over, the newest in the place of the oldest.
 *
 * <p>Confined to its loop. Ids are compared when somebody looks, so an exchange costs one reference.
 */
final class EndedExchanges {
    private final @Nullable EndedExchange[] ring;
    private int next;

    /** Room for so many; 0 for none. */
    EndedExchanges(int most) {
        ring = new EndedExchange[most];
    }

    boolean isOff() {
        return ring.length == 0;
    }

    void add(EndedExchange ended) {
        if (ring.length > 0) {
            ring[next] = ended;
            next = next + 1 == ring.length ? 0 : next + 1;
        }
    }

    /** All of this id, the newest first; a caller may use one id again. */
    List<EndedExchange> find(String id) {
        List<EndedExchange> found = new ArrayList<>();
        for (int back = 1; back <= ring.length; back++) {
            EndedExchange ended = ring[Math.floorMod(next - back, ring.length)];
            if (ended != null && ended.id().equals(id)) {
                found.add(ended);
            }
        }
        return found;
    }
}
