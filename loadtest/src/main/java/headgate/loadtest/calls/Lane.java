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
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
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
    private final EventLoop loop;
    private final Scenario scenario;
    private final Target target;
    private final Measures measures;
    private final Arrivals arrivals;
    private final int number;
    private final Prompt prompt;
    private final Mark marks = new Mark();
    private final Random random;
    private final Connections connections;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private final boolean stream;
    private final boolean echo;
    private final boolean usage;
    private final long lateNanos;
    private final long durationNanos;
    private final long warmupNanos;
    private final long timeoutNanos;
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
        random = new Random(scenario.count(Key.SEED) + 7919L * number);
        connections = new Connections(this, loop, scenario, measures);
        stream = scenario.flag(Key.STREAM);
        echo = scenario.flag(Key.ECHO);
        usage = scenario.flag(Key.USAGE);
        lateNanos = scenario.nanos(Key.LATE);
        durationNanos = scenario.nanos(Key.DURATION);
        warmupNanos = scenario.nanos(Key.WARMUP);
        timeoutNanos = scenario.nanos(Key.TIMEOUT);
        sizes = scenario.sizes();
    }

    /** Begins; the future completes when every call has ended. */
    CompletableFuture<Void> begin(long start) {
        startNanos = start;
        loop.execute(connections::openIdle);
        loop.schedule(this::firstCalls, start - System.nanoTime(), TimeUnit.NANOSECONDS);
        return done;
    }

    Target target() {
        return target;
    }

    ByteBuf request(Call call, ByteBufAllocator allocator) {
        ByteBuf request = prompt.write(call, allocator);
        measures.add(Count.BYTES_OUT, request.readableBytes());
        return request;
    }

    long slowEveryNanos() {
        return Math.max(1, scenario.nanos(Key.SLOW_EVERY));
    }

    void connected(CallConnection connection) {
        measures.add(Count.CONNECTIONS, 1);
        connections.connected(connection);
    }

    void hasRoom(CallConnection connection) {
        connections.hasRoom(connection);
    }

    void closed(CallConnection connection, boolean wasConnected) {
        connections.closed(connection, wasConnected);
    }

    void firstByte(Call call) {
        took(call, Latency.FIRST_BYTE);
    }

    /** Takes note of events that came in one piece: the first of them after a gap, the others after none. */
    void events(Call call, int events) {
        long now = System.nanoTime();
        if (call.measured && call.answer.status == 200) {
            measures.add(Count.EVENTS, events);
            if (call.lastEventNanos == 0) {
                measures.took(Latency.FIRST_EVENT, now - call.intendedNanos);
            }
            for (int event = call.lastEventNanos == 0 ? 1 : 0; event < events; event++) {
                measures.took(Latency.GAP, event == 0 ? now - call.lastEventNanos : 0);
            }
        }
        call.lastEventNanos = now;
    }

    /** Judges a call whose answer's framing is complete. */
    void answered(Call call) {
        ended(call, call.answer.status == 200 ? call.answer.judge(stream, echo, usage) : Outcome.STATUS);
    }

    void ended(Call call, Outcome outcome) {
        if (call.ended) {
            return;
        }
        if (retries(call, outcome)) {
            measures.add(Count.RETRIES, 1);
            call.again();
            if (call.abort != null) {
                call.abort.cancel(false);
            }
            // Twice as long each time, from a tenth of a second: a caller without the target's advice.
            long wait = 100L << Math.min(6, call.attempts - 1);
            loop.schedule(() -> connections.take(call), wait, TimeUnit.MILLISECONDS);
            return;
        }
        call.ended = true;
        call.stopTimers();
        underWay--;
        if (call.measured) {
            measures.ended(outcome);
            measures.add(Count.BYTES_IN, call.answer.bytes());
            measures.add(Count.TOKENS, call.answer.tokens());
            if (call.answer.status != 0 && call.answer.status != 200) {
                measures.answered(call.answer.status);
            }
            if (outcome == Outcome.GOOD || outcome == Outcome.TIMEOUT) {
                took(call, Latency.TOTAL);
            }
        }
        if (scenario.closed()) {
            // Not from within the end of another call: a target that refuses everything would grow the stack.
            loop.execute(this::callAgain);
        } else {
            endIfAllEnded();
        }
    }

    private boolean retries(Call call, Outcome outcome) {
        boolean worth = outcome == Outcome.CONNECT
                || (outcome == Outcome.STATUS && (call.answer.status == 429 || call.answer.status >= 500));
        return worth && call.attempts < scenario.count(Key.RETRIES) && !stopping();
    }

    private boolean stopping() {
        return System.nanoTime() - startNanos >= durationNanos + timeoutNanos;
    }

    private void firstCalls() {
        if (scenario.closed()) {
            int callers = connections.connectionsMax() * scenario.count(Key.PIPELINE);
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

    private void took(Call call, Latency latency) {
        if (call.measured) {
            measures.took(latency, System.nanoTime() - call.intendedNanos);
        }
    }

    private void endIfAllEnded() {
        if (next == null && underWay == 0) {
            connections.closeAll();
            done.complete(null);
        }
    }
}
