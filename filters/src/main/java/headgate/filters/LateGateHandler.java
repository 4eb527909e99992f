package headgate.filters;

import headgate.filters.ReadControl.Reason;
import headgate.filters.api.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * A handler that may refuse an exchange, and may take its time to decide.
 *
 * <p>It is asked twice: by the head, and when the whole body has come and was judged by those in front. While it has not
 * decided by the head, what comes of the body is <em>kept</em> here, against the bound on held bytes, and released at
 * {@link ExchangeEnd}; reading pauses above a bound. It decides by {@link #pass} or {@link #passEnd}, at once or later on
 * the same event loop, or by failing the exchange; a decision about an exchange that is over changes nothing.
 */
public abstract class LateGateHandler extends ChannelDuplexHandler {
    private enum State {
        CLOSED,
        JUDGING,
        OPEN,
        JUDGING_END
    }

    private final HeldBytes heldBytes;
    private final int waitingBytes;

    private State state = State.CLOSED;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange current;
    private @Nullable HeldBody held;
    private boolean ended;

    /**
     * For the gates.
     *
     * @param waitingBytes how much of a body is read while the gate has not decided by the head
     */
    protected LateGateHandler(HeldBytes heldBytes, int waitingBytes) {
        this.heldBytes = heldBytes;
        this.waitingBytes = waitingBytes;
    }

    /** Decides by the head, now or later. */
    protected void judge(ChannelHandlerContext ctx, Exchange exchange) throws ProxyError {
        pass(exchange);
    }

    /** Decides when the whole body has come, now or later. */
    protected void judgeEnd(ChannelHandlerContext ctx, Exchange exchange) throws ProxyError {
        passEnd(exchange);
    }

    /** The exchange is over, however it ended; called once for each that was judged. */
    protected void over(Exchange exchange) {}

    /** The exchange may pass by its head. */
    protected final void pass(Exchange exchange) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || exchange != current || state != State.JUDGING) {
            return;
        }
        state = State.OPEN;
        ctx.fireChannelRead(exchange);
        while (exchange == current && held != null) {
            ByteBuf part = held.poll();
            if (part == null) {
                held = null;
                exchange.downstream().reads().resume(Reason.UNDECIDED);
            } else {
                ctx.fireChannelRead(part);
            }
        }
        if (exchange == current && ended) {
            end(ctx, exchange);
        }
    }

    /** The whole of the exchange may pass. */
    protected final void passEnd(Exchange exchange) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && exchange == current && state == State.JUDGING_END) {
            state = State.OPEN;
            ctx.fireChannelRead(BodyEnd.INSTANCE);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        letGo();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Exchange exchange = current;
        if (message instanceof Exchange opened) {
            open(ctx, opened);
        } else if (exchange == null) {
            ctx.fireChannelRead(message);
        } else if (message == BodyEnd.INSTANCE) {
            ended = true;
            if (state == State.OPEN) {
                end(ctx, exchange);
            }
        } else if (state == State.JUDGING) {
            keep(exchange, (ByteBuf) message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ExchangeEnd.INSTANCE) {
            letGo();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void open(ChannelHandlerContext ctx, Exchange opened) {
        current = opened;
        ended = false;
        state = State.JUDGING;
        try {
            judge(ctx, opened);
        } catch (ProxyError error) {
            opened.fail(error);
        }
    }

    private void end(ChannelHandlerContext ctx, Exchange exchange) {
        state = State.JUDGING_END;
        try {
            judgeEnd(ctx, exchange);
        } catch (ProxyError error) {
            exchange.fail(error);
        }
    }

    private void keep(Exchange exchange, ByteBuf part) {
        if (held == null) {
            held = new HeldBody(heldBytes);
        }
        try {
            held.add(part);
        } catch (ProxyError error) {
            exchange.fail(error);
            return;
        }
        if (held.size() > waitingBytes) {
            exchange.downstream().reads().pause(Reason.UNDECIDED);
        }
    }

    private void letGo() {
        Exchange exchange = current;
        current = null;
        state = State.CLOSED;
        if (held != null) {
            held.release();
            held = null;
        }
        if (exchange != null) {
            exchange.downstream().reads().resume(Reason.UNDECIDED);
            over(exchange);
        }
    }
}
