package headgate.loadtest.provider;

import headgate.loadtest.provider.Counters.Count;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request in and sends its answer on the way; the last handler of a connection, or of a stream of HTTP/2.
 *
 * <p>Every message is ended here: bodies are read as they come and not kept.
 */
final class ExchangeHandler extends SimpleChannelInboundHandler<HttpObject> {
    /** A longer body is refused; until its end it is read and forgotten, so that the caller gets to see the answer. */
    static final long BODY_BYTES_MAX = 64L << 20;

    private static final String FAULT_HEADER = "x-simulated-fault";
    private static final AtomicLong SERIALS = new AtomicLong();

    private final Pace pace;
    private final FaultScript script;
    private final Counters counters;

    /** The request whose answer is not complete, if there is one; its delivery begins when its body has ended. */
    private @Nullable HttpRequest request;

    private Route route = Route.UNKNOWN;
    private RequestReader reader = new RequestReader();
    private long bodyBytes;
    private boolean malformed;
    private @Nullable Delivery delivery;

    ExchangeHandler(Pace pace, FaultScript script, Counters counters) {
        this.pace = pace;
        this.script = script;
        this.counters = counters;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message instanceof HttpRequest head) {
            begin(head);
        }
        malformed |= message.decoderResult().isFailure();
        if (request != null && message instanceof HttpContent content) {
            bodyBytes += content.content().readableBytes();
            if (bodyBytes <= BODY_BYTES_MAX) {
                reader.read(content.content());
            }
            if (message instanceof LastHttpContent) {
                answer(ctx, request);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (delivery != null && ctx.channel().isWritable()) {
            delivery.resume();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        boolean left = delivery != null ? delivery.stop() : request != null;
        if (left) {
            counters.add(Count.CANCELLED, 1);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // An IOException is a caller who left; anything else is a defect, and the pipeline's end reports it.
        if (!(cause instanceof IOException)) {
            ctx.fireExceptionCaught(cause);
        }
        ctx.close();
    }

    private void begin(HttpRequest head) {
        request = head;
        route = Route.of(head.uri());
        reader = new RequestReader();
        bodyBytes = 0;
        malformed = false;
        delivery = null;
        if (!route.is(Operation.COUNTERS)) {
            counters.add(Count.REQUESTS, 1);
        }
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest asked) {
        Exchange exchange;
        try {
            exchange = new Exchange(ctx, asked, fault(asked));
            if (exchange.inStream() && exchange.fault().kind().isOfConnection()) {
                throw new IllegalArgumentException(
                        "no such fault over HTTP/2: " + exchange.fault().kind());
            }
        } catch (IllegalArgumentException unknown) {
            String message = String.valueOf(unknown.getMessage());
            deliver(new Exchange(ctx, asked, Fault.NONE), Answers.error(400, "no_such_fault", message));
            return;
        }
        switch (exchange.fault().kind()) {
            case STATUS -> deliver(exchange, Answers.fault(exchange.fault()));
            case RESET -> {
                request = null;
                exchange.reset();
            }
            case STALL -> {
                // Without a delivery only the caller can end it.
            }
            default -> deliver(exchange, answerTo(asked, exchange.fault()));
        }
    }

    private Fault fault(HttpRequest asked) {
        String header = asked.headers().get(FAULT_HEADER);
        String text = header != null ? header : route.fault();
        return text == null ? Fault.NONE : script.next(text);
    }

    private Answer answerTo(HttpRequest asked, Fault fault) {
        Operation operation = route.operation();
        if (malformed) {
            Answer.Whole answer = Answers.error(400, null, "The request is not HTTP.");
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            return answer;
        }
        if (bodyBytes > BODY_BYTES_MAX) {
            return Answers.error(413, null, "The body is longer than " + BODY_BYTES_MAX + " bytes.");
        }
        if (operation == null) {
            return Answers.error(404, "unknown_url", "Unknown request URL: " + asked.method() + " " + asked.uri());
        }
        if (!operation.method().equals(asked.method())) {
            Answer.Whole answer = Answers.error(405, "method_not_supported", "Not allowed: " + asked.method());
            answer.headers().set(HttpHeaderNames.ALLOW, operation.method().name());
            return answer;
        }
        String invalid = operation.method().equals(HttpMethod.POST) ? reader.finish() : null;
        if (invalid != null) {
            return Answers.error(400, null, "We could not parse the JSON body of your request: " + invalid);
        }
        if (operation == Operation.COUNTERS) {
            return Answer.Whole.json(Unpooled.wrappedBuffer(counters.json()), 0, 0);
        }
        RequestFacts facts = reader.facts;
        return Answers.to(
                operation,
                new Question(
                        facts,
                        Question.model(facts, route.deployment()),
                        SERIALS.incrementAndGet(),
                        Instant.now().getEpochSecond(),
                        pace.drawTokens(),
                        !fault.is(Fault.Kind.NO_USAGE)));
    }

    private void deliver(Exchange exchange, Answer answer) {
        Delivery begun;
        if (answer instanceof Answer.Stream events) {
            begun = new StreamDelivery(exchange, events, pace, counters);
        } else {
            Answer.Whole whole = (Answer.Whole) answer;
            boolean own = route.is(Operation.COUNTERS);
            Duration wait = whole.status() == 200 && !own ? Duration.ofNanos(pace.drawFirstNanos()) : Duration.ZERO;
            // Who looks at the counters must not change them.
            begun = new WholeDelivery(exchange, whole, wait, own ? new Counters() : counters);
        }
        delivery = begun;
        begun.begin();
    }
}
