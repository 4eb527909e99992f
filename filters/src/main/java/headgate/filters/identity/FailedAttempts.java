package headgate.filters.identity;

import headgate.filters.api.ProxyError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How often each source has failed to say who it is, in this minute.
 *
 * <p>A source is an IPv4 address or an IPv6 /64, which one caller usually has for itself. Counts stand in a table of fixed
 * size: sources that meet in one row of it push out the one with the fewest failures. Shared by all event loops, without a
 * lock; a count may miss one that comes at the same instant.
 */
public final class FailedAttempts {
    private static final int ROWS = 4096;
    private static final int PLACES = 4;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long COUNT_MAX = 0xFFFF;

    private volatile int most;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private final long salt;
    /** Each place: 32 bits of the source's hash, 16 of the minute, 16 of the count. */
    private final AtomicLongArray places;
    /** Those that are not counted and yet judged: 1 for an imagined attempt, else 0. */
    private final long uncounted;

    private final LongAdder total = new LongAdder();

    /**
     * Counts for one process.
     *
     * @param most failures of one source that are let pass in a minute
     */
    public FailedAttempts(int most) {
        this(most, System::nanoTime);
    }

    /**
     * The same, with another clock.
     *
     * @param nanoClock by which minutes pass, as {@link System#nanoTime()} tells it
     */
    public FailedAttempts(int most, LongSupplier nanoClock) {
        this.most = most;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
        this.salt = ThreadLocalRandom.current().nextLong();
        this.places = new AtomicLongArray(ROWS * PLACES);
        this.uncounted = 0;
    }

    private FailedAttempts(FailedAttempts counted) {
        this.most = counted.most;
        this.nanoClock = counted.nanoClock;
        this.startNanos = counted.startNanos;
        this.salt = counted.salt;
        this.places = counted.places;
        this.uncounted = 1;
    }

    /** The same counts for an attempt that is only imagined: it is judged as if it were counted, and is not. */
    public FailedAttempts imagined() {
        return new FailedAttempts(this);
    }

    /** Lets so many failures pass from now on; what is counted stays. */
    public void most(int next) {
        most = next;
    }

    /** Whether this source has had more than its failures. */
    public boolean exceeded(SocketAddress source) {
        long mark = mark(source);
        int row = row(mark);
        for (int i = row; i < row + PLACES; i++) {
            long place = places.get(i);
            if (place >>> 16 == mark >>> 16) {
                return (place & COUNT_MAX) + uncounted > most;
            }
        }
        return uncounted > most;
    }

    /** Counts a failure. */
    public void count(SocketAddress source) {
        if (uncounted > 0) {
            return;
        }
        total.increment();
        long mark = mark(source);
        int row = row(mark);
        int fewest = row;
        for (int i = row; i < row + PLACES; i++) {
            long place = places.get(i);
            if (place >>> 16 == mark >>> 16) {
                if ((place & COUNT_MAX) < COUNT_MAX) {
                    places.compareAndSet(i, place, place + 1);
                }
                return;
            }
            if (now(place, mark) < now(places.get(fewest), mark)) {
                fewest = i;
            }
        }
        places.set(fewest, mark + 1);
    }

    /** How many there were of all sources together. */
    public long total() {
        return total.sum();
    }

    /** What a source is told that has failed too often; the count begins anew when the minute is over. */
    public ProxyError refusal() {
        long leftNanos = MINUTE_NANOS - (nanoClock.getAsLong() - startNanos) % MINUTE_NANOS;
        return ProxyError.retryLater(
                ProxyError.Kind.TOO_MANY_ATTEMPTS,
                "Too many requests from this address had no valid credential. Please retry later.",
                TimeUnit.NANOSECONDS.toMillis(leftNanos) + 1);
    }

    /** The failures of a place in the minute of the mark. */
    private static long now(long place, long mark) {
        return ((place >>> 16) & 0xFFFF) == ((mark >>> 16) & 0xFFFF) ? place & COUNT_MAX : -1;
    }

    /** A place of this source in this minute, with no failure yet. */
    private long mark(SocketAddress source) {
        long hash = (bits(source) ^ salt) * 0x9E3779B97F4A7C15L;
        hash = (hash ^ (hash >>> 32)) * 0xD6E8FEB86659FD93L;
        long minute = ((nanoClock.getAsLong() - startNanos) / MINUTE_NANOS) & 0xFFFF;
        return (hash & 0xFFFFFFFF00000000L) | (minute << 16);
    }

    private static int row(long mark) {
        return (int) ((mark >>> 40) & (ROWS - 1)) * PLACES;
    }

    private static long bits(SocketAddress source) {
        InetAddress address = source instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (address == null) {
            return 0;
        }
        byte[] bytes = address.getAddress();
        return bytes.length == Integer.BYTES
                ? ByteBuffer.wrap(bytes).getInt() & 0xFFFFFFFFL
                : ByteBuffer.wrap(bytes).getLong();
    }
}
