package headgate.loadtest.provider;

import headgate.loadtest.provider.Counters.Count;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Delivers an unstreamed answer: after the time to the first token, all of it, or half of it if the fault cuts it. */
final class WholeDelivery implements Delivery {
    private final Exchange exchange;
    private final Answer.Whole answer;
    private final Duration wait;
    private final Counters counters;
    private @Nullable Future<?> timer;
    private boolean ended;

    WholeDelivery(Exchange exchange, Answer.Whole answer, Duration wait, Counters counters) {
        this.exchange = exchange;
        this.answer = answer;
        this.wait = wait;
        this.counters = counters;
    }

    @Override
    public void begin() {
        if (wait.isZero()) {
            send();
        } else {
            timer = exchange.ctx().executor().schedule(this::send, wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void resume() {}

    @Override
    public boolean stop() {
        if (timer != null) {
            timer.cancel(false);
        }
        boolean open = !ended;
        ended = true;
        return open;
    }

    private void send() {
        boolean gzip = exchange.fault().is(Fault.Kind.GZIP);
        ByteBuf body = gzip ? gzip(answer.body()) : answer.body();
        HttpResponse head = exchange.head(answer.status(), answer.contentType());
        head.headers().add(answer.headers());
        if (gzip) {
            head.headers().set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
        }
        if (!exchange.closeDelimited()) {
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        counters.answered(answer.status());
        counters.add(Count.PROMPT_TOKENS, answer.promptTokens());
        exchange.slowDown();
        ChannelHandlerContext ctx = exchange.ctx();
        ctx.write(head);
        if (exchange.fault().kind().cuts()) {
            ctx.write(new DefaultHttpContent(body.readSlice(body.readableBytes() / 2)));
            // A caller who leaves a stalled answer has cancelled it; the other cuts are the provider's own end.
            ended = !exchange.fault().is(Fault.Kind.STALL_AFTER);
            exchange.cut();
            return;
        }
        counters.add(Count.COMPLETION_TOKENS, answer.completionTokens());
        ctx.write(new DefaultHttpContent(body));
        ChannelFuture last = ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        last.addListener(written -> {
            if (written.isSuccess()) {
                ended = true;
                exchange.speedUp();
            }
        });
    }

    private static ByteBuf gzip(ByteBuf body) {
        ByteBuf compressed = Unpooled.buffer();
        try (GZIPOutputStream gzip = new GZIPOutputStream(new ByteBufOutputStream(compressed))) {
            body.readBytes(gzip, body.readableBytes());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return compressed;
    }
}
