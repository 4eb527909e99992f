package headgate.loadtest.calls;

import headgate.loadtest.measure.Measures;
import headgate.loadtest.measure.ProcessWatch;
import headgate.loadtest.measure.Second;
import headgate.loadtest.measure.Timeline;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Makes one run of a scenario against a target. */
public final class LoadRun {
    /** Time for the loops to begin, so that the first calls are not late. */
    private static final long LEAD_NANOS = 50_000_000;

    /**
     * What a run was and saw.
     *
     * @param target its URL
     * @param seconds how long calls were begun after the warm-up; rates are of this time, without what it took to answer the last
     * @param busyShare of that time in which the busiest thread of the generator ran
     */
    public record Result(
            Scenario scenario,
            String target,
            Instant began,
            double seconds,
            double busyShare,
            Measures measures,
            Timeline timeline) {
        /** CPU time of the watched process in these seconds. */
        public double cpuSeconds() {
            double from = scenario.nanos(Key.WARMUP) / 1e9;
            return timeline.cpuSeconds(from, from + seconds);
        }
    }

    private LoadRun() {}

    /**
     * Runs until every call has ended, which is at most the scenario's duration and its time-out.
     *
     * @param watch the process to sample once a second
     * @param progress told of each second, on the calling thread
     * @throws IOException if the scenario's trace cannot be read
     */
    public static Result run(Scenario scenario, Target target, ProcessWatch watch, Consumer<Second> progress)
            throws IOException, InterruptedException {
        Measures measures = new Measures();
        int lanes = scenario.count(Key.LOOPS);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                lanes, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        try {
            List<Lane> all = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                all.add(new Lane(loops.next(), lane, scenario, target, measures, scenario.arrivals()));
            }
            Instant began = Instant.now();
            long start = System.nanoTime() + LEAD_NANOS;
            Timeline timeline = new Timeline(measures, watch, start);
            CompletableFuture<Void> done = CompletableFuture.allOf(
                    all.stream().map(lane -> lane.begin(start)).toArray(CompletableFuture<?>[]::new));
            long next = start;
            for (boolean ended = false; !ended; ) {
                next += 1_000_000_000;
                ended = ended(done, next - System.nanoTime());
                progress.accept(timeline.tick());
            }
            long ran = Math.min(System.nanoTime() - start, scenario.nanos(Key.DURATION));
            double seconds = Math.max(0, ran - scenario.nanos(Key.WARMUP)) / 1e9;
            double busy = all.stream().mapToDouble(Lane::busyShare).max().orElse(0);
            return new Result(scenario, target.url(), began, seconds, busy, measures, timeline);
        } finally {
            loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static boolean ended(CompletableFuture<Void> done, long nanos) throws InterruptedException {
        try {
            done.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException defect) {
            throw new IllegalStateException(defect.getCause());
        }
    }
}
