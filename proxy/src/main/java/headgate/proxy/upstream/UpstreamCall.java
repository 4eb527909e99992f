package headgate.proxy.upstream;

import headgate.filters.Exchange;
import headgate.filters.HeldBody;
import headgate.filters.ReadControl.Reason;
import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import headgate.filters.http.AnswerHead;
import headgate.proxy.loop.Deadlines;
import headgate.proxy.routing.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to have an exchange answered by one endpoint, with a deadline for each of its phases.
 *
 * <p>It tells its {@link Relay} what comes of it, and ends exactly once: by the answer's end, by a failure, or by
 * {@link #cancel()}.
 */
final class UpstreamCall extends Deadlines.Timed implements AnswerListener, EndpointPool.Waiter {
    private static final long DISCARD_NANOS = 1_000_000_000L;
    private static final int DISCARD_BYTES_MAX = 64 * 1024;

    private enum Phase {
        AUTHORIZING,
        CONNECTING,
        SENDING,
        AWAITING,
        ANSWERING,
        DISCARDING,
        DONE
    }

    private final Relay relay;
    private final Exchange exchange;
    private final Endpoint endpoint;
    private final EndpointPool pool;
    private final Deadlines deadlines;
    private final HeldBody held;
    private final Authorization authorization;
    private final long totalNanos;

    private Phase phase = Phase.AUTHORIZING;
    private boolean requestWhole;
    private @Nullable UpstreamLane lane;
    private @Nullable RequestSender sender;
    private int discarded;

    /**
     * Prepares a call.
     *
     * @param totalNanos when the exchange must be over, as a {@link System#nanoTime()}
     */
    UpstreamCall(
            Relay relay, Exchange exchange, Endpoint endpoint, UpstreamPool pools, HeldBody held, long totalNanos) {
        this.relay = relay;
        this.exchange = exchange;
        this.endpoint = endpoint;
        this.pool = pools.of(endpoint);
        this.deadlines = pools.deadlines();
        this.held = held;
        this.authorization = new Authorization(endpoint.credential());
        this.totalNanos = totalNanos;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Starts it, when there is something to show.
     *
     * @param fresh whether on a fresh connection, since a kept one has just failed
     * @param refused what another call showed, which was refused; null for nothing
     */
    void start(boolean fresh, @Nullable Authorization refused) {
        deadlines.add(this);
        endpoint.health().callBegins();
        waitFor(endpoint.timeouts().connect().toNanos());
        Future<Void> shown = authorization.await(refused, exchange.downstream().loop());
        if (shown == null) {
            connect(fresh);
            return;
        }
        shown.addListener((Future<Void> done) -> {
            if (phase == Phase.AUTHORIZING && done.isSuccess()) {
                connect(fresh);
            } else if (phase == Phase.AUTHORIZING) {
                answerFailed((ProxyError) done.cause());
            }
        });
    }

    Authorization authorization() {
        return authorization;
    }

    private void connect(boolean fresh) {
        phase = Phase.CONNECTING;
        pool.acquire(this, fresh);
    }

    /** Whether the request can be sent, or is being sent. */
    boolean connected() {
        return lane != null;
    }

    /** More of a streaming body has come, or its end. */
    void bodyProgressed(boolean complete) {
        if (sending() && sender != null && lane != null) {
            waitFor(endpoint.timeouts().idle().toNanos());
            if (sender.pump(complete)) {
                sent(lane);
            }
        }
    }

    /** Whether the upstream takes more of a streaming body. */
    boolean writable() {
        return lane != null && lane.writable();
    }

    /** Reads the answer, or not for now. */
    void readAnswer(boolean read) {
        if (lane != null && phase == Phase.ANSWERING) {
            if (read) {
                waitFor(endpoint.timeouts().idle().toNanos());
                lane.reads().resume(Reason.OTHER_SIDE_FULL);
            } else {
                lane.reads().pause(Reason.OTHER_SIDE_FULL);
            }
        }
    }

    /** The answer is not wanted, but the connection may be: a short rest is read and thrown away. */
    void discard() {
        phase = Phase.DISCARDING;
        deadline(System.nanoTime() + DISCARD_NANOS);
    }

    /** Gives the call up; nothing more is told. */
    void cancel() {
        if (phase == Phase.CONNECTING) {
            pool.forget(this);
        }
        if (lane != null && phase != Phase.DONE) {
            lane.cancel();
        }
        done();
    }

    @Override
    public void connected(UpstreamLane opened) {
        lane = opened;
        phase = Phase.SENDING;
        exchange.sentNanos(System.nanoTime());
        RequestWriter writer = opened.begin(this, exchange.head().method());
        RequestSender sends = new RequestSender(exchange, endpoint, authorization.line(), held, writer);
        sender = sends;
        if (relay.streams()) {
            sends.sendHeadOfStream();
            relay.canStream();
        } else {
            // Before it is sent: a full socket that takes bytes again must not send the body a second time.
            requestWhole = true;
            sends.sendWhole();
            sent(opened);
        }
    }

    @Override
    public void notConnected(ProxyError error) {
        answerFailed(error);
    }

    @Override
    public void interim(AnswerHead head) {
        if (phase != Phase.DISCARDING) {
            relay.interim(head);
        }
    }

    @Override
    public void answerHead(AnswerHead head) {
        phase = Phase.ANSWERING;
        waitFor(endpoint.timeouts().idle().toNanos());
        relay.answerHead(this, head);
    }

    @Override
    public void answerPart(ByteBuf part) {
        if (phase != Phase.DISCARDING) {
            relay.answerPart(part);
            return;
        }
        discarded += part.readableBytes();
        part.release();
        if (discarded > DISCARD_BYTES_MAX) {
            cancel();
        }
    }

    @Override
    public void burstEnd() {
        if (phase == Phase.ANSWERING) {
            waitFor(endpoint.timeouts().idle().toNanos());
            relay.burstEnd();
        }
    }

    @Override
    public void answerEnd() {
        boolean wanted = phase != Phase.DISCARDING;
        done();
        if (wanted) {
            relay.answerEnd();
        }
    }

    @Override
    public void answerFailed(ProxyError error) {
        boolean wanted = phase != Phase.DISCARDING;
        done();
        if (wanted) {
            relay.callFailed(this, error);
        }
    }

    @Override
    public void writabilityChanged(boolean writable) {
        if (writable && sending()) {
            relay.canStream();
        }
    }

    @Override
    protected void expired(long nowNanos) {
        if (waitsForCaller() && nowNanos - totalNanos < 0) {
            waitFor(endpoint.timeouts().idle().toNanos());
            return;
        }
        boolean wanted = phase != Phase.DISCARDING;
        ProxyError error = timedOut();
        cancel();
        if (wanted) {
            relay.callFailed(this, error);
        }
    }

    /** Whether the request is still on its way; it goes on when the answer begins early. */
    private boolean sending() {
        return !requestWhole && (phase == Phase.SENDING || phase == Phase.ANSWERING);
    }

    /** Whether what is missing is the caller's to do: to send the rest of its request, or to take the answer. */
    private boolean waitsForCaller() {
        return (sending() && writable())
                || (phase == Phase.ANSWERING && lane != null && lane.reads().paused());
    }

    private ProxyError timedOut() {
        return switch (phase) {
            case AUTHORIZING -> authorization.late();
            case CONNECTING -> ProxyError.of(Kind.CONNECT_TIMEOUT, "The upstream did not accept a connection in time.");
            case SENDING -> ProxyError.of(Kind.ANSWER_TIMEOUT, "The upstream did not take the request in time.");
            default -> ProxyError.of(Kind.ANSWER_TIMEOUT, "The upstream did not answer in time.");
        };
    }

    /** The whole request was written, which may itself have shown that the connection is gone. */
    private void sent(UpstreamLane to) {
        if (phase == Phase.DONE) {
            return;
        }
        requestWhole = true;
        to.requestSent();
        if (phase == Phase.SENDING) {
            phase = Phase.AWAITING;
            waitFor(endpoint.timeouts().firstByte().toNanos());
        }
    }

    private void waitFor(long nanos) {
        long until = System.nanoTime() + nanos;
        deadline(until - totalNanos > 0 ? totalNanos : until);
    }

    private void done() {
        if (phase != Phase.DONE) {
            phase = Phase.DONE;
            lane = null;
            deadlines.remove(this);
            endpoint.health().callEnds();
        }
    }
}
