package headgate.loadtest.calls;

import headgate.loadtest.measure.Latency;
import headgate.loadtest.measure.Measures;
import headgate.loadtest.measure.Measures.Count;
import headgate.loadtest.measure.Outcome;
import headgate.loadtest.scenario.Arrival;
import headgate.loadtest.scenario.Arrivals;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One loop's part of a run: begins its calls at their times, and says of each how it ended.
 *
 * <p>Nothing slows the schedule: a call whose time has come begins, or waits for a connection, and its latency counts from
 * its time. Confined to its loop.
 */
final class Lane {
    /** How often a call is sent anew because its target ended the connection without an answer; one that always does this gets no more. */
    private static final int RESENT_MAX = 10;

    private final EventLoop loop;
    private final Scenario scenario;
    private final Target target;
    private final Measures measures;
    private final Arrivals arrivals;
    private final int number;
    private final Prompt prompt;
    private final Mark marks = new Mark();
    private final Random random;
    private final Retries retries;
    private final CallTimes times;
    private final LaneWatch watch;
    private final Connections connections;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private final boolean stream;
    private final boolean echo;
    private final boolean usage;
    private final long lateNanos;
    private final long durationNanos;
    private final long warmupNanos;
    private final long timeoutNanos;
    private final long slowEveryNanos;
    private final Arrivals.Sizes sizes;

    private long startNanos;
    private long serial;
    private long drawn;
    private int underWay;
    private @Nullable Arrival next;

    Lane(EventLoop loop, int number, Scenario scenario, Target target, Measures measures, Arrivals arrivals) {
        this.loop = loop;
        this.number = number;
        this.scenario = scenario;
        this.target = target;
        this.measures = measures;
        this.arrivals = arrivals;
        prompt = new Prompt(scenario, target);
        long seed = scenario.count(Key.SEED) + 7919L * number;
        random = new Random(seed);
        retries = new Retries(scenario, ~seed);
        times = new CallTimes(scenario, measures);
        watch = new LaneWatch(loop, scenario, measures);
        connections = new Connections(this, loop, scenario, measures);
        stream = scenario.flag(Key.STREAM);
        echo = scenario.flag(Key.ECHO);
        usage = scenario.flag(Key.USAGE);
        lateNanos = scenario.nanos(Key.LATE);
        durationNanos = scenario.nanos(Key.DURATION);
        warmupNanos = scenario.nanos(Key.WARMUP);
        timeoutNanos = scenario.nanos(Key.TIMEOUT);
        slowEveryNanos = Math.max(1, scenario.nanos(Key.SLOW_EVERY));
        sizes = scenario.sizes();
    }

    /** Begins; the future completes when every call has ended. */
    CompletableFuture<Void> begin(long start) {
        startNanos = start;
        loop.execute(connections::openIdle);
        long now = System.nanoTime();
        watch.begin(start, now);
        loop.schedule(this::firstCalls, start - now, TimeUnit.NANOSECONDS);
        return done;
    }

    double busyShare() {
        return watch.busyShare();
    }

    Target target() {
        return target;
    }

    Prompt prompt() {
        return prompt;
    }

    long slowEveryNanos() {
        return slowEveryNanos;
    }

    /** This lane's part of so many; the first lanes take what cannot be divided. */
    int part(int of) {
        int lanes = scenario.count(Key.LOOPS);
        return of / lanes + (number < of % lanes ? 1 : 0);
    }

    void connected(CallCarrier carrier) {
        measures.add(Count.CONNECTIONS, 1);
        connections.connected(carrier);
    }

    void hasRoom(CallCarrier carrier) {
        connections.hasRoom(carrier);
    }

    void retired(CallCarrier carrier) {
        connections.retired(carrier);
    }

    void closed(CallCarrier carrier, boolean wasConnected) {
        connections.closed(carrier, wasConnected);
    }

    /** Counts bytes of a connection, either way. */
    void carried(Count direction, long bytes) {
        if (watch.measuring()) {
            measures.add(direction, bytes);
        }
    }

    /** The head of a call's answer has come. */
    void answers(Call call, int status, RetryAfter.Headers headers) {
        call.firstByteNanos = System.nanoTime();
        call.answer.status = status;
        call.answer.retryAfterNanos = status == 200 ? RetryAfter.NONE : RetryAfter.nanos(headers, Instant.now());
    }

    /** A part of its body has come. */
    void read(Call call, ByteBuf body) {
        times.read(call, body);
    }

    /** Judges a call whose answer's framing is complete. */
    void answered(Call call) {
        ended(call, call.answer.status == 200 ? call.answer.judge(stream, echo, usage) : Outcome.STATUS);
    }

    /**
     * Sends a call anew that was not answered since the connection ended, or that its target did not take.
     *
     * @param ours whether this side ended it, which it does but once for each call that leaves
     */
    void sendAgain(Call call, boolean ours) {
        if (!ours && call.resent++ >= RESENT_MAX) {
            ended(call, Outcome.RESET);
            return;
        }
        count(call, Count.RESENT);
        call.again();
        loop.execute(() -> connections.take(call));
    }

    void ended(Call call, Outcome outcome) {
        if (call.ended) {
            return;
        }
        long now = System.nanoTime();
        long wait = retries.waitNanos(call, outcome, now);
        if (wait != Retries.NONE) {
            count(call, Count.RETRIES);
            if (retries.heeds(call)) {
                count(call, Count.HEEDED);
            }
            call.retries++;
            call.again();
            loop.schedule(() -> connections.take(call), wait, TimeUnit.NANOSECONDS);
            return;
        }
        call.end();
        underWay--;
        times.ended(call, outcome, now);
        if (call.measured) {
            measures.ended(outcome);
            measures.add(Count.TOKENS, call.answer.tokens());
            if (call.answer.status != 0 && call.answer.status != 200) {
                measures.answered(call.answer.status);
            }
        }
        if (watch.measuring()) {
            measures.add(Count.ENDED_IN_TIME, 1);
            measures.add(Count.GOOD_IN_TIME, outcome == Outcome.GOOD ? 1 : 0);
            measures.add(Count.TOKENS_IN_TIME, call.answer.tokens());
        }
        if (scenario.closed()) {
            // Not from within the end of another call: a target that refuses everything would grow the stack.
            loop.execute(this::callAgain);
        } else {
            endIfAllEnded();
        }
    }

    private void firstCalls() {
        if (scenario.closed()) {
            int callers = connections.connectionsMax() * Math.max(1, scenario.count(Key.PIPELINE));
            for (int caller = 0; caller < callers; caller++) {
                callAgain();
            }
        } else {
            next = draw();
            dispatch();
        }
    }

    private void dispatch() {
        while (next != null) {
            long due = startNanos + next.atNanos();
            long wait = due - System.nanoTime();
            if (wait > 0) {
                loop.schedule(this::dispatch, wait, TimeUnit.NANOSECONDS);
                return;
            }
            call(next, due);
            next = draw();
        }
        endIfAllEnded();
    }

    private void callAgain() {
        long now = System.nanoTime();
        if (now - startNanos < durationNanos) {
            call(sizes.arrival(now - startNanos, random), now);
        } else {
            endIfAllEnded();
        }
    }

    private void call(Arrival arrival, long due) {
        boolean measured = arrival.atNanos() >= warmupNanos;
        boolean slow = random.nextDouble() < scenario.number(Key.SLOW);
        boolean aborts = random.nextDouble() < scenario.number(Key.ABORT);
        long abort = aborts ? (long) (random.nextDouble() * scenario.nanos(Key.ABORT_WITHIN)) : -1;
        Call call = new Call(arrival, due, measured, marks.of(serial++), slow, abort);
        underWay++;
        long late = System.nanoTime() - due;
        if (measured) {
            measures.add(Count.STARTED, 1);
            measures.add(Count.LATE, late > lateNanos ? 1 : 0);
            measures.took(Latency.LATENESS, late);
        }
        call.timeout = loop.schedule(
                () -> connections.leave(call, Outcome.TIMEOUT), timeoutNanos - late, TimeUnit.NANOSECONDS);
        connections.take(call);
    }

    /** The next arrival that is this lane's: lanes take turns with the calls of one schedule. */
    private @Nullable Arrival draw() {
        int lanes = scenario.count(Key.LOOPS);
        Arrival arrival;
        do {
            arrival = arrivals.next();
        } while (arrival != null && drawn++ % lanes != number);
        if (arrival != null && arrival.atNanos() >= warmupNanos) {
            measures.add(Count.DUE, 1);
        }
        return arrival;
    }

    private void count(Call call, Count count) {
        if (call.measured) {
            measures.add(count, 1);
        }
    }

    private void endIfAllEnded() {
        if (next == null && underWay == 0) {
            try {
                watch.end();
                connections.closeAll();
            } finally {
                done.complete(null);
            }
        }
    }
}
