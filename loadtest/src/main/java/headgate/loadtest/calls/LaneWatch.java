package headgate.loadtest.calls;

import headgate.loadtest.measure.Latency;
import headgate.loadtest.measure.Measures;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/**
 * Watches a lane's own loop between the end of the warm-up and that of the calls: how late its timers are, how busy its thread is.
 *
 * <p>A timer is due each millisecond. One that is late tells of a loop that had to wait for the processor or was busy, in
 * which an answer would have waited as long. Confined to the loop, but for the share.
 */
final class LaneWatch {
    private static final long TICK_NANOS = 1_000_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final EventLoop loop;
    private final Measures measures;
    private final long fromNanos;
    private final long untilNanos;
    private boolean measuring;
    private long dueNanos;
    private long beganNanos;
    private long beganCpuNanos;
    private volatile double busyShare;

    LaneWatch(EventLoop loop, Scenario scenario, Measures measures) {
        this.loop = loop;
        this.measures = measures;
        fromNanos = scenario.nanos(Key.WARMUP);
        untilNanos = scenario.nanos(Key.DURATION);
    }

    /** Begins at the start, ahead of what is scheduled for it later by the same {@code now}. */
    void begin(long start, long now) {
        dueNanos = start + fromNanos;
        loop.schedule(this::beginMeasuring, dueNanos - now, TimeUnit.NANOSECONDS);
        loop.schedule(this::end, start + untilNanos - now, TimeUnit.NANOSECONDS);
    }

    /** Whether what happens now counts: the warm-up has ended, and calls are still begun. */
    boolean measuring() {
        return measuring;
    }

    void end() {
        if (measuring) {
            measuring = false;
            busyShare = (double) (THREADS.getCurrentThreadCpuTime() - beganCpuNanos) / (System.nanoTime() - beganNanos);
        }
    }

    /** The share of the time in which the loop's thread ran; for any thread, once the lane has ended. */
    double busyShare() {
        return busyShare;
    }

    private void beginMeasuring() {
        measuring = true;
        beganNanos = System.nanoTime();
        beganCpuNanos = THREADS.getCurrentThreadCpuTime();
        tick();
    }

    private void tick() {
        if (!measuring) {
            return;
        }
        long now = System.nanoTime();
        // Each tick that was missed counts with its own wait, or a long pause would be one among a thousand.
        for (; dueNanos <= now; dueNanos += TICK_NANOS) {
            measures.took(Latency.HICCUP, now - dueNanos);
        }
        loop.schedule(this::tick, dueNanos - now, TimeUnit.NANOSECONDS);
    }
}
