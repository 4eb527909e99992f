package headgate.filters.content.judge;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Lets so many calls go at once, and so many wait for their turn. The lock is held for a moment, and never over a call. */
final class Turnstile {
    /** How many wait for each that may go. */
    private static final int WAITING_FACTOR = 16;

    private record Waiting(EventLoop loop, Runnable call) {}

    private final int callsMax;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int calls;

    Turnstile(int callsMax) {
        this.callsMax = callsMax;
    }

    /** Makes the call on this loop, at once or when it is its turn; false when too many wait. */
    boolean enter(EventLoop loop, Runnable call) {
        synchronized (this) {
            if (calls == callsMax) {
                return waiting.size() < callsMax * WAITING_FACTOR && waiting.add(new Waiting(loop, call));
            }
            calls++;
        }
        call.run();
        return true;
    }

    /** A call is over. */
    void leave() {
        Waiting next = next();
        if (next != null) {
            next.loop.execute(next.call);
        }
    }

    private synchronized @Nullable Waiting next() {
        Waiting next = waiting.poll();
        if (next == null) {
            calls--;
        }
        return next;
    }
}
