package headgate.proxy.upstream;

import headgate.conf.LimitsConfig;
import headgate.filters.AnswerEnd;
import headgate.filters.Exchange;
import headgate.filters.HeldBody;
import headgate.filters.HeldBytes;
import headgate.filters.ReadControl.Reason;
import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.HeaderName;
import headgate.proxy.routing.Endpoint;
import headgate.proxy.routing.Route;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes one exchange to the upstreams of its deployment and the answer back: which call is made, when it is made again, and
 * who waits for whom.
 *
 * <p>A body up to the bound is held whole and sent at once; another call can send it again as long as nothing was sent back.
 * A larger one streams, and has one chance. What comes of the answer is written on the context of the relay handler.
 */
public final class Relay {
    private static final long CONNECT_COOL_DOWN_NANOS = 5_000_000_000L;
    private static final long REFUSED_COOL_DOWN_NANOS = 1_000_000_000L;

    private final ChannelHandlerContext downstream;
    private final Exchange exchange;
    private final Route route;
    private final UpstreamPool pools;
    private final LimitsConfig limits;
    private final HeldBody held;
    private final long totalNanos;

    private @Nullable Set<Endpoint> tried;
    private @Nullable UpstreamCall call;
    private boolean bodyComplete;
    private boolean streams;
    private boolean bodyIntact = true;
    private boolean authorizedAgain;
    private boolean answering;
    private boolean over;

    /** Opens the relay of one exchange. */
    public Relay(
            ChannelHandlerContext downstream,
            Exchange exchange,
            Route route,
            UpstreamPool pools,
            LimitsConfig limits,
            HeldBytes heldBytes) {
        this.downstream = downstream;
        this.exchange = exchange;
        this.route = route;
        this.pools = pools;
        this.limits = limits;
        this.held = new HeldBody(heldBytes);
        this.totalNanos = exchange.startNanos()
                + exchange.requireDeployment().config().timeouts().total().toNanos();
        this.streams = exchange.head().contentLength() > limits.heldBytes();
    }

    /** Starts what need not wait for the body. */
    public void open() {
        route.retryRule().exchangeBegins();
        if (streams) {
            callFirst();
        }
    }

    /** A part of the request's body came; passed to the relay. */
    public void part(ByteBuf part) {
        if (answering && call == null) {
            part.release();
            return;
        }
        try {
            held.add(part);
        } catch (ProxyError error) {
            exchange.fail(error);
            return;
        }
        if (!streams && held.size() > limits.heldBytes()) {
            streams = true;
            callFirst();
        } else if (streams) {
            stream();
        }
    }

    /** The request's body is complete, and every gate has agreed. */
    public void bodyEnd() {
        bodyComplete = true;
        if (streams) {
            stream();
        } else {
            callFirst();
        }
    }

    /** The caller takes bytes again, or no more for now. */
    public void downstreamWritable(boolean writable) {
        if (call != null && answering) {
            call.readAnswer(writable);
        }
    }

    /** The exchange is over; what is still going on is given up. */
    public void end() {
        over = true;
        if (call != null) {
            call.cancel();
            call = null;
        }
        held.release();
        exchange.downstream().reads().resume(Reason.OTHER_SIDE_FULL);
    }

    boolean streams() {
        return streams;
    }

    /** The connection is there, or takes bytes again. */
    void canStream() {
        if (streams) {
            stream();
        }
    }

    void interim(AnswerHead head) {
        downstream.writeAndFlush(head);
    }

    void answerHead(UpstreamCall from, AnswerHead head) {
        judgeHealth(from.endpoint(), head);
        if (head.status() == 401 && !authorizedAgain && from.authorization().mayBeReplaced()) {
            from.authorization().refused(exchange.downstream().loop());
            if (canCallAgain() && route.retryRule().tryRetry(exchange.attempts(), System.nanoTime())) {
                authorizedAgain = true;
                discard(from, head);
                call(from.endpoint(), false, from.authorization());
                return;
            }
        }
        if (route.retryRule().covers(head.status()) && canCallAgain()) {
            Endpoint next = nextOrNull();
            if (next != null && route.retryRule().tryRetry(exchange.attempts(), System.nanoTime())) {
                discard(from, head);
                call(next, false, null);
                return;
            }
        }
        answering = true;
        if (!streams) {
            held.release();
        }
        exchange.upstreamRequestId(idOf(head));
        downstream.write(head, downstream.voidPromise());
    }

    /** The answer is not taken: another call is made. */
    private void discard(UpstreamCall from, AnswerHead head) {
        exchange.attemptRefused(head.status());
        from.discard();
    }

    void answerPart(ByteBuf part) {
        downstream.write(part, downstream.voidPromise());
        if (call != null && !downstream.channel().isWritable()) {
            call.readAnswer(false);
        }
    }

    void burstEnd() {
        downstream.flush();
        if (call != null && downstream.channel().isWritable()) {
            call.readAnswer(true);
        }
    }

    void answerEnd() {
        call = null;
        held.release();
        exchange.downstream().reads().resume(Reason.OTHER_SIDE_FULL);
        downstream.writeAndFlush(AnswerEnd.INSTANCE);
    }

    void callFailed(UpstreamCall from, ProxyError error) {
        if (from != call) {
            return;
        }
        call = null;
        exchange.attemptFailed(error.kind().name());
        from.endpoint().health().callFailed();
        boolean reused = error.kind() == Kind.REUSED_CONNECTION_CLOSED;
        if (route.hasChoice() && (error.kind() == Kind.CONNECT_FAILED || error.kind() == Kind.CONNECT_TIMEOUT)) {
            from.endpoint().health().coolDown(CONNECT_COOL_DOWN_NANOS, System.nanoTime());
        }
        if (!answering && route.retryRule().covers(error.kind()) && canCallAgain()) {
            Endpoint next = reused ? from.endpoint() : nextOrNull();
            if (next != null && route.retryRule().tryRetry(exchange.attempts(), System.nanoTime())) {
                call(next, reused, null);
                return;
            }
        }
        exchange.fail(error);
    }

    private void callFirst() {
        try {
            Endpoint first = route.next(Set.of(), System.nanoTime());
            if (first == null) {
                throw new IllegalStateException("a route has at least one endpoint");
            }
            call(first, false, null);
        } catch (ProxyError error) {
            exchange.fail(error);
        }
    }

    private void call(Endpoint endpoint, boolean fresh, @Nullable Authorization refused) {
        if (route.hasChoice()) {
            if (tried == null) {
                tried = new HashSet<>();
            }
            tried.add(endpoint);
        }
        exchange.attempt(endpoint.name());
        call = new UpstreamCall(this, exchange, endpoint, pools, held, totalNanos);
        call.start(fresh, refused);
    }

    /** Sends on what has come, and reads the caller only as fast as the upstream takes it. */
    private void stream() {
        if (over || call == null) {
            return;
        }
        if (call.connected()) {
            bodyIntact = false;
            call.bodyProgressed(bodyComplete);
        }
        if (over || call == null) {
            return;
        }
        boolean full = call.connected() ? !call.writable() : held.size() > limits.heldBytes();
        if (full && !bodyComplete) {
            exchange.downstream().reads().pause(Reason.OTHER_SIDE_FULL);
        } else {
            exchange.downstream().reads().resume(Reason.OTHER_SIDE_FULL);
        }
    }

    private boolean canCallAgain() {
        return bodyIntact && !over && System.nanoTime() - totalNanos < 0;
    }

    private @Nullable Endpoint nextOrNull() {
        try {
            return tried == null ? null : route.next(tried, System.nanoTime());
        } catch (ProxyError error) {
            return null;
        }
    }

    private void judgeHealth(Endpoint endpoint, AnswerHead head) {
        if (head.status() == 429 || head.status() >= 500) {
            endpoint.health().callFailed();
        }
        if (head.status() == 429 || head.status() == 503) {
            if (route.hasChoice()) {
                long nanos = RetryAfter.nanos(head.fields(), REFUSED_COOL_DOWN_NANOS);
                endpoint.health().coolDown(nanos, System.nanoTime());
            }
        } else if (head.status() < 500) {
            endpoint.health().recovered();
        }
    }

    private static @Nullable String idOf(AnswerHead head) {
        String id = head.fields().value(HeaderName.X_REQUEST_ID);
        return id != null ? id : head.fields().value(HeaderName.APIM_REQUEST_ID);
    }
}
