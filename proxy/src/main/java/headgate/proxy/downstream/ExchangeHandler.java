package headgate.proxy.downstream;

import headgate.filters.AnswerEnd;
import headgate.filters.BodyEnd;
import headgate.filters.Downstream;
import headgate.filters.Exchange;
import headgate.filters.ExchangeEnd;
import headgate.filters.api.ErrorReply;
import headgate.filters.api.ProxyError;
import headgate.filters.api.Surface;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.RequestHead;
import headgate.proxy.routing.ExchangeGateway;
import headgate.proxy.telemetry.AccessLog;
import headgate.proxy.telemetry.ExchangeRecord;
import headgate.proxy.telemetry.LoopMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens an exchange for each request, and is the one that ends it.
 *
 * <p>Stands behind the framing. Answers, errors, time-outs and callers that leave race; whatever comes first is decided
 * here, {@link ExchangeEnd} goes through the pipeline once, and what comes later is ended. Every answer gets its ids here.
 */
final class ExchangeHandler extends ChannelDuplexHandler implements Exchange.Owner {
    private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
    private static final AsciiString APIM_REQUEST_ID = AsciiString.cached("apim-request-id");
    private static final AsciiString ERROR_CODE = AsciiString.cached("x-ms-error-code");
    private static final AnswerHead.Field JSON =
            new AnswerHead.Field(AsciiString.cached("content-type"), AsciiString.cached("application/json"));

    private final Framing framing;
    private final Downstream downstream;
    private final AccessLog.Journal journal;
    private final ExchangeGateway gateway;
    private final LoopMetrics metrics;

    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange current;
    private @Nullable ExchangeRecord record;
    private boolean refused;
    private boolean letGo;
    private boolean headSent;
    private boolean eventStream;
    private boolean atEventEnd;

    ExchangeHandler(
            Framing framing,
            Downstream downstream,
            ExchangeGateway gateway,
            AccessLog.Journal journal,
            LoopMetrics metrics) {
        this.framing = framing;
        this.downstream = downstream;
        this.gateway = gateway;
        this.journal = journal;
        this.metrics = metrics;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof RequestHead head) {
            open(ctx, head);
        } else if (current == null || refused) {
            ReferenceCountUtil.release(message);
        } else {
            if (message instanceof ByteBuf part && record != null) {
                record.bytesIn += part.readableBytes();
            } else if (message == BodyEnd.INSTANCE && record != null) {
                record.bodyNanos = System.nanoTime();
            }
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        Exchange exchange = current;
        ExchangeRecord log = record;
        if (exchange == null || log == null) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new IllegalStateException("no exchange is open"));
        } else if (message instanceof ByteBuf part) {
            log.bytesOut += part.readableBytes();
            if (eventStream) {
                atEventEnd = endsEvent(part);
                metrics.burst(log);
            }
            ctx.write(part, promise);
        } else if (message instanceof AnswerHead head && head.status() >= 200) {
            headSent = true;
            eventStream = head.isEventStream();
            atEventEnd = true;
            log.status = head.status();
            log.answerNanos = System.nanoTime();
            metrics.answerBegins(exchange, log, eventStream);
            List<AnswerHead.Field> fields = new ArrayList<>(exchange.rateLimitFields());
            fields.add(new AnswerHead.Field(REQUEST_ID, exchange.id()));
            fields.add(new AnswerHead.Field(APIM_REQUEST_ID, exchange.id()));
            ctx.write(head.with(fields), promise);
        } else if (message == AnswerEnd.INSTANCE) {
            ctx.write(message, promise.unvoid().addListener(written -> {
                if (written.isSuccess()) {
                    endAnswered(ctx, exchange);
                }
            }));
        } else {
            ctx.write(message, promise);
        }
    }

    /** Lets the next request in; what fails then would be swallowed by the promise that told of this one's end. */
    private void endAnswered(ChannelHandlerContext ctx, Exchange exchange) {
        try {
            end(exchange, null);
        } catch (RuntimeException e) {
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (current != null) {
            end(current, ProxyError.of(ProxyError.Kind.DOWNSTREAM_GONE, "The caller closed the connection."));
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ProxyError error) {
            if (current == null) {
                open(error);
            } else {
                fail(current, error);
            }
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    /** A defect in a handler behind ends the exchange in progress; false when there is none. */
    boolean failCurrent(ProxyError error) {
        if (current == null) {
            return false;
        }
        fail(current, error);
        return true;
    }

    @Override
    public void fail(Exchange exchange, ProxyError error) {
        if (exchange != current || refused) {
            return;
        }
        refused = true;
        if (record != null) {
            record.error = error;
        }
        if (headSent) {
            cut(exchange, error);
        } else {
            List<AnswerHead.Field> fields = new ArrayList<>(error.fields());
            fields.add(new AnswerHead.Field(ERROR_CODE, error.kind().code()));
            reply(
                    error.status(),
                    fields,
                    ErrorReply.body(error, Surface.ofPath(exchange.head().path())));
        }
    }

    @Override
    public void answer(Exchange exchange, int status, List<AnswerHead.Field> fields, byte[] body) {
        if (exchange == current && !refused && !headSent) {
            refused = true;
            reply(status, fields, body);
        }
    }

    private void open(ChannelHandlerContext ctx, RequestHead head) {
        Exchange exchange = begin(head);
        ctx.fireChannelRead(exchange);
    }

    /** A request that could not be read still gets an answer and a line in the log. */
    private void open(ProxyError error) {
        fail(begin(RequestHead.UNREADABLE), error);
    }

    private Exchange begin(RequestHead head) {
        long now = System.nanoTime();
        Exchange exchange = new Exchange(head, RequestId.of(head), now, this, downstream);
        gateway.begin();
        exchange.trace(gateway.get().tracer().begin(head));
        current = exchange;
        record = new ExchangeRecord(now, framing.http());
        metrics.began();
        refused = false;
        letGo = false;
        headSent = false;
        eventStream = false;
        return exchange;
    }

    /** Lets go of everything behind before it answers, so that nothing is held while a slow caller reads an error. */
    private void reply(int status, List<AnswerHead.Field> fields, byte[] body) {
        ChannelHandlerContext ctx = requireContext();
        letGo(ctx);
        List<AnswerHead.Field> all = new ArrayList<>(fields);
        if (body.length > 0) {
            all.add(JSON);
        }
        write(ctx, AnswerHead.own(status, body.length, all), ctx.voidPromise());
        if (body.length > 0) {
            write(ctx, Unpooled.wrappedBuffer(body), ctx.voidPromise());
        }
        write(ctx, AnswerEnd.INSTANCE, ctx.newPromise());
        ctx.flush();
    }

    /** The answer has begun: the only honest error is an incomplete message, after an event that says why. */
    private void cut(Exchange exchange, ProxyError error) {
        ChannelHandlerContext ctx = requireContext();
        if (eventStream && atEventEnd) {
            ByteBuf event = ctx.alloc().directBuffer();
            ByteBufUtil.writeAscii(event, "data: ");
            event.writeBytes(ErrorReply.body(error, Surface.V1));
            event.writeShort('\n' << 8 | '\n');
            ctx.write(event, ctx.voidPromise());
        }
        ctx.flush();
        framing.cut();
        end(exchange, error);
    }

    private void end(Exchange exchange, @Nullable ProxyError error) {
        ExchangeRecord log = record;
        if (exchange != current || log == null) {
            return;
        }
        current = null;
        record = null;
        if (log.error == null) {
            log.error = error;
        }
        log.endNanos = System.nanoTime();
        journal.write(exchange, log);
        metrics.ended(exchange, log);
        gateway.get().tracer().ended(exchange, log.status, log.endNanos, log.error);
        letGo(requireContext());
        gateway.end();
        framing.exchangeOver();
    }

    private void letGo(ChannelHandlerContext ctx) {
        if (!letGo) {
            letGo = true;
            ctx.fireUserEventTriggered(ExchangeEnd.INSTANCE);
        }
    }

    /** Whether an empty line ends the part; where that cannot be seen, it does not. */
    private static boolean endsEvent(ByteBuf part) {
        int end = part.writerIndex();
        int length = part.readableBytes();
        return length >= 2
                && part.getByte(end - 1) == '\n'
                && (part.getByte(end - 2) == '\n'
                        || (length >= 3 && part.getByte(end - 2) == '\r' && part.getByte(end - 3) == '\n'));
    }

    private ChannelHandlerContext requireContext() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }
}
