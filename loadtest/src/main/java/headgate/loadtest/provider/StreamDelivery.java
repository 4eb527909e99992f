package headgate.loadtest.provider;

import headgate.loadtest.measure.EventTime;
import headgate.loadtest.provider.Counters.Count;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Delivers a streamed answer at its pace, an event for each tick of its timer.
 *
 * <p>Head and end pass the codec; events are framed here and written on the socket's side of it, one buffer each. Ticks
 * keep to the intended times: those that were late, or came while the caller did not read, are made up for at once. Events
 * may tell these times, so that a caller sees how much later it has them.
 */
final class StreamDelivery implements Delivery {
    private final Exchange exchange;
    private final Answer.Stream events;
    private final Pace pace;
    private final Counters counters;
    private final ChannelHandlerContext codec;
    private final boolean chunked;
    private final Queue<Long> tokensDueNanos = new ArrayDeque<>();
    private @Nullable Future<?> timer;
    private long nextNanos;
    private long betweenNanos;
    private long dueNanos;
    private int tokensDue;
    private int eventsSent;
    private boolean allHandedOver;
    private boolean ended;

    StreamDelivery(Exchange exchange, Answer.Stream events, Pace pace, Counters counters) {
        this.exchange = exchange;
        this.events = events;
        this.pace = pace;
        this.counters = counters;
        this.codec = exchange.codec();
        this.chunked = !exchange.closeDelimited() && !exchange.inStream();
    }

    @Override
    public void begin() {
        long first = pace.drawFirstNanos();
        nextNanos = System.nanoTime() + first;
        if (!pace.isEven()) {
            timer = codec.executor().schedule(this::unevenTick, first, TimeUnit.NANOSECONDS);
            return;
        }
        betweenNanos = pace.drawBetweenNanos();
        timer = betweenNanos == 0
                ? codec.executor().schedule(this::allDue, first, TimeUnit.NANOSECONDS)
                : codec.executor().scheduleAtFixedRate(this::evenTick, first, betweenNanos, TimeUnit.NANOSECONDS);
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
        beforeFirst(nextNanos);
        tokensDue = events.tokens();
        send();
    }

    private void evenTick() {
        long due = nextNanos;
        nextNanos += betweenNanos;
        tick(due);
    }

    private void tick(long due) {
        beforeFirst(due);
        tokensDue++;
        if (pace.tellsTimes()) {
            tokensDueNanos.add(due);
        }
        if (tokensDue >= events.tokens()) {
            stopTimer();
        }
        send();
    }

    private void unevenTick() {
        long due = nextNanos;
        nextNanos += pace.drawBetweenNanos();
        // Ahead of the tick, so that the last one stops it.
        timer = codec.executor().schedule(this::unevenTick, nextNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        tick(due);
    }

    private void beforeFirst(long due) {
        if (tokensDue == 0) {
            dueNanos = pace.tellsTimes() ? due : EventTime.NONE;
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
        while (eventsSent < until && codec.channel().isWritable() && tryWrite(eventsSent)) {
            eventsSent++;
        }
        if (eventsSent == cutAfter) {
            cut();
        } else if (eventsSent == events.events()) {
            end();
        } else {
            codec.flush();
        }
    }

    /** False where the caller has left: a stream of HTTP/2 that was reset takes bytes again before it says that it is over. */
    private boolean tryWrite(int event) {
        Long due = events.carriesToken(event) ? tokensDueNanos.poll() : null;
        dueNanos = due == null ? dueNanos : due;
        ByteBuf bytes = chunked
                ? EventFrame.chunk(codec.alloc(), events, event, dueNanos)
                : EventFrame.bare(codec.alloc(), events, event, dueNanos);
        ChannelFuture written = codec.write(exchange.inStream() ? new DefaultHttp2DataFrame(bytes) : bytes);
        if (written.cause() != null) {
            return false;
        }
        counters.add(Count.EVENTS_WRITTEN, 1);
        counters.add(Count.COMPLETION_TOKENS, events.carriesToken(event) ? 1 : 0);
        return true;
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
