package headgate.loadtest.calls;

import headgate.loadtest.measure.Latency;
import headgate.loadtest.measure.Measures;
import headgate.loadtest.measure.Measures.Count;
import headgate.loadtest.measure.Outcome;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import io.netty.buffer.ByteBuf;

/**
 * Records the times of a lane's calls, each once, when the call has ended.
 *
 * <p>Calls that were answered well count, and those that timed out: what had not come by then counts with the time-out, or the
 * slowest answers would be the ones left out. Slow readers have one time of their own, since it is theirs and not the target's.
 */
final class CallTimes {
    private final Measures measures;
    private final boolean stream;
    private final long timeoutNanos;

    CallTimes(Scenario scenario, Measures measures) {
        this.measures = measures;
        stream = scenario.flag(Key.STREAM);
        timeoutNanos = scenario.nanos(Key.TIMEOUT);
    }

    /** Takes in a part of a call's answer: of events that come in one piece the first comes after a gap, the others after none. */
    void read(Call call, ByteBuf body) {
        long now = System.nanoTime();
        boolean timed = call.measured && !call.slow && call.answer.status == 200;
        int events = call.answer.read(body, due -> delayed(timed, now - due));
        if (events == 0) {
            return;
        }
        if (call.measured && call.answer.status == 200) {
            measures.add(Count.EVENTS, events);
        }
        for (int event = call.firstEventNanos == 0 ? 1 : 0; timed && event < events; event++) {
            measures.took(Latency.GAP, event == 0 ? now - call.lastEventNanos : 0);
        }
        call.firstEventNanos = call.firstEventNanos == 0 ? now : call.firstEventNanos;
        call.lastEventNanos = now;
    }

    void ended(Call call, Outcome outcome, long now) {
        if (!call.measured || (outcome != Outcome.GOOD && outcome != Outcome.TIMEOUT)) {
            return;
        }
        if (call.slow) {
            measures.took(Latency.SLOW, now - call.intendedNanos);
            return;
        }
        took(call, Latency.FIRST_BYTE, call.firstByteNanos == 0 ? now : call.firstByteNanos);
        if (stream) {
            took(call, Latency.FIRST_EVENT, call.firstEventNanos == 0 ? now : call.firstEventNanos);
        }
        took(call, Latency.TOTAL, now);
    }

    private void took(Call call, Latency latency, long at) {
        measures.took(latency, at - call.intendedNanos);
    }

    /** A delay that cannot be is the provider's clock, which is that of another machine. */
    private void delayed(boolean timed, long nanos) {
        if (timed && nanos >= 0 && nanos < timeoutNanos) {
            measures.took(Latency.DELAY, nanos);
        }
    }
}
