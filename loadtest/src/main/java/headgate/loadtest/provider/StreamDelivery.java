package headgate.loadtest.provider;

import headgate.loadtest.provider.Counters.Count;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Delivers a streamed answer at its pace, an event for each tick of its timer.
 *
 * <p>Head and end pass the codec; events are framed here and written on the socket's side of it, one buffer each. Ticks
 * keep to the intended times: those that were late, or came while the caller did not read, are made up for at once.
 */
final class StreamDelivery implements Delivery {
    private final Exchange exchange;
    private final Answer.Stream events;
    private final Pace pace;
    private final Counters counters;
    private final ChannelHandlerContext codec;
    private final boolean framed;
    private @Nullable Future<?> timer;
    private long nextNanos;
    private int tokensDue;
    private int eventsSent;
    private boolean allHandedOver;
    private boolean ended;

    StreamDelivery(Exchange exchange, Answer.Stream events, Pace pace, Counters counters) {
        this.exchange = exchange;
        this.events = events;
        this.pace = pace;
        this.counters = counters;
        this.codec = exchange.ctx().pipeline().context(HttpServerCodec.class);
        this.framed = !exchange.closeDelimited();
    }

    @Override
    public void begin() {
        long first = pace.drawFirstNanos();
        if (!pace.isEven()) {
            nextNanos = System.nanoTime() + first;
            timer = codec.executor().schedule(this::unevenTick, first, TimeUnit.NANOSECONDS);
            return;
        }
        long between = pace.drawBetweenNanos();
        timer = between == 0
                ? codec.executor().schedule(this::allDue, first, TimeUnit.NANOSECONDS)
                : codec.executor().scheduleAtFixedRate(this::tick, first, between, TimeUnit.NANOSECONDS);
    }

    @Override
    public void resume() {
        if (tokensDue > 0 && !allHandedOver) {
            send();
        }
    }

    @Override
    public boolean stop() {
        stopTimer();
        boolean open = !ended;
        ended = true;
        if (open && tokensDue > 0) {
            counters.add(Count.STREAMS_CANCELLED, 1);
        }
        return open;
    }

    private void allDue() {
        beforeFirst();
        tokensDue = events.tokens();
        send();
    }

    private void tick() {
        beforeFirst();
        tokensDue++;
        if (tokensDue >= events.tokens()) {
            stopTimer();
        }
        send();
    }

    private void unevenTick() {
        nextNanos += pace.drawBetweenNanos();
        // Ahead of the tick, so that the last one stops it.
        timer = codec.executor().schedule(this::unevenTick, nextNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        tick();
    }

    private void beforeFirst() {
        if (tokensDue == 0) {
            counters.answered(200);
            counters.add(Count.STREAMS_STARTED, 1);
            counters.add(Count.PROMPT_TOKENS, events.promptTokens());
            exchange.slowDown();
            exchange.ctx().write(exchange.streamHead(events.contentType()));
        }
    }

    private void send() {
        int cutAfter = exchange.fault().eventsMax();
        int due = tokensDue >= events.tokens() ? events.events() : events.lead().size() + tokensDue;
        int until = Math.min(due, cutAfter);
        while (eventsSent < until && codec.channel().isWritable()) {
            write(eventsSent++);
        }
        if (eventsSent == cutAfter) {
            cut();
        } else if (eventsSent == events.events()) {
            end();
        } else {
            codec.flush();
        }
    }

    private void write(int event) {
        ByteBuf bytes =
                framed ? EventFrame.chunk(codec.alloc(), events, event) : EventFrame.bare(codec.alloc(), events, event);
        counters.add(Count.EVENTS_WRITTEN, 1);
        if (events.carriesToken(event)) {
            counters.add(Count.COMPLETION_TOKENS, 1);
        }
        codec.write(bytes);
    }

    private void end() {
        allHandedOver = true;
        stopTimer();
        exchange.ctx().writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(written -> {
            if (written.isSuccess()) {
                ended = true;
                counters.add(Count.STREAMS_COMPLETED, 1);
                exchange.speedUp();
            }
        });
    }

    private void cut() {
        allHandedOver = true;
        stopTimer();
        // A caller who leaves a stalled stream has cancelled it; the other cuts are the provider's own end.
        if (!exchange.fault().is(Fault.Kind.STALL_AFTER)) {
            ended = true;
            counters.add(Count.STREAMS_CUT, 1);
        }
        exchange.cut();
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
