package headgate.loadtest.calls;

import headgate.loadtest.measure.ByteCountHandler;
import headgate.loadtest.measure.Measures;
import headgate.loadtest.measure.Measures.Count;
import headgate.loadtest.measure.Outcome;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.ssl.SslContext;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A lane's connections: opened as calls need them up to a bound, and the calls that wait for one. */
final class Connections {
    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final int LINE_BYTES_MAX = 8192;
    private static final int HEAD_BYTES_MAX = 65536;

    /** What a connection of HTTP/2 is thought to have room for before it has said so; RFC 9113 wants no less. */
    private static final int STREAMS_EXPECTED = 100;

    private static final int IDLE_AT_ONCE = 16;

    private final Lane lane;
    private final EventLoop loop;
    private final Measures measures;
    private final @Nullable SslContext tls;
    private final boolean http2;
    private final boolean slow;
    private final int connectionsMax;
    private final int pipeline;
    private final int backlogMax;
    private final ChannelGroup all;
    private final Set<CallCarrier> withRoom = new LinkedHashSet<>();
    private final Set<CallCarrier> connected = new LinkedHashSet<>();
    private final ArrayDeque<Call> waiting = new ArrayDeque<>();
    private int idleLeft;
    private int connecting;
    private boolean closing;

    Connections(Lane lane, EventLoop loop, Scenario scenario, Measures measures) {
        this.lane = lane;
        this.loop = loop;
        this.measures = measures;
        http2 = scenario.http2();
        tls = lane.target().tls(http2);
        slow = scenario.number(Key.SLOW) > 0;
        connectionsMax = lane.part(scenario.count(Key.CONNECTIONS));
        idleLeft = lane.part(scenario.count(Key.IDLE));
        pipeline = scenario.count(Key.PIPELINE);
        backlogMax = scenario.count(Key.BACKLOG);
        all = new DefaultChannelGroup(loop);
    }

    int connectionsMax() {
        return connectionsMax;
    }

    /** Opens the connections that stay silent, a few at once, so that no call waits for thousands. */
    void openIdle() {
        for (int one = 0; one < IDLE_AT_ONCE; one++) {
            openNextIdle();
        }
    }

    /** Sends a call as soon as a connection has room for it. */
    void take(Call call) {
        if (call.ended) {
            return;
        }
        CallCarrier carrier = findRoom();
        if (carrier != null) {
            send(carrier, call);
        } else if (waiting.size() >= backlogMax) {
            lane.ended(call, Outcome.UNSENT);
        } else {
            waiting.add(call);
            if (!connectIfNeeded() && connecting == 0 && call.measured) {
                measures.add(Count.QUEUED, 1);
            }
        }
    }

    void connected(CallCarrier carrier) {
        connecting--;
        connected.add(carrier);
        hasRoom(carrier);
    }

    void hasRoom(CallCarrier carrier) {
        withRoom.add(carrier);
        for (CallCarrier next; !waiting.isEmpty() && (next = findRoom()) != null; ) {
            send(next, waiting.remove());
        }
    }

    /** Gives the place of a connection that takes no more calls to another, while it is still answered on. */
    void retired(CallCarrier carrier) {
        if (connected.remove(carrier)) {
            withRoom.remove(carrier);
            connectIfNeeded();
        }
    }

    void closed(CallCarrier carrier, boolean wasConnected) {
        withRoom.remove(carrier);
        connected.remove(carrier);
        if (wasConnected) {
            connectIfNeeded();
        } else {
            notConnected();
        }
    }

    /** Ends a call before its answer, wherever it is. */
    void leave(Call call, Outcome outcome) {
        CallCarrier carrier = call.carrier;
        if (carrier != null) {
            carrier.leave(call, outcome);
        } else {
            waiting.remove(call);
            lane.ended(call, outcome);
        }
    }

    void closeAll() {
        closing = true;
        all.close();
    }

    private void openNextIdle() {
        if (idleLeft == 0 || closing) {
            return;
        }
        idleLeft--;
        open(this::addTls, opened -> {
            if (opened.isSuccess()) {
                opened.channel().closeFuture().addListener(closed -> idleLost());
            } else {
                idleLost();
            }
            openNextIdle();
        });
    }

    private void idleLost() {
        measures.add(Count.IDLE_LOST, closing ? 0 : 1);
    }

    private void send(CallCarrier carrier, Call call) {
        call.carrier = carrier;
        if (call.abortNanos >= 0) {
            call.abort = loop.schedule(() -> leave(call, Outcome.ABORTED), call.abortNanos, TimeUnit.NANOSECONDS);
        }
        carrier.send(call);
        if (carrier.hasRoom()) {
            withRoom.add(carrier);
        }
    }

    /** Takes the carrier out that had room for the longest time; one that is about to leave is not among them any more. */
    private @Nullable CallCarrier findRoom() {
        for (Iterator<CallCarrier> each = withRoom.iterator(); each.hasNext(); ) {
            CallCarrier carrier = each.next();
            each.remove();
            if (carrier.hasRoom()) {
                return carrier;
            }
        }
        return null;
    }

    private boolean connectIfNeeded() {
        int expected = http2 && pipeline == 0 ? STREAMS_EXPECTED : Math.max(1, pipeline);
        boolean needed = !closing
                && (long) connecting * expected < waiting.size()
                && connected.size() + connecting < connectionsMax;
        if (needed) {
            connecting++;
            open(this::addCarrier, opened -> {
                // A channel that opened says for itself when it has closed, and whether it was ready before.
                if (!opened.isSuccess()) {
                    notConnected();
                }
            });
        }
        return needed;
    }

    /** An attempt failed: one call pays for it, and others may try. */
    private void notConnected() {
        connecting--;
        Call unlucky = waiting.poll();
        if (unlucky != null) {
            lane.ended(unlucky, Outcome.CONNECT);
        }
        connectIfNeeded();
    }

    private void addCarrier(Channel channel) {
        addTls(channel);
        ChannelPipeline handlers = channel.pipeline();
        handlers.addLast(new ByteCountHandler(
                bytes -> lane.carried(Count.BYTES_IN, bytes), bytes -> lane.carried(Count.BYTES_OUT, bytes)));
        if (http2) {
            StreamsConnection.add(handlers, lane, pipeline == 0 ? Integer.MAX_VALUE : pipeline, slow);
        } else {
            ReadSize readSize = new ReadSize();
            channel.config().setRecvByteBufAllocator(readSize);
            handlers.addLast(new HttpResponseDecoder(LINE_BYTES_MAX, HEAD_BYTES_MAX, HEAD_BYTES_MAX));
            handlers.addLast(new CallConnection(lane, Math.max(1, pipeline), readSize));
        }
    }

    private void addTls(Channel channel) {
        if (tls != null) {
            channel.pipeline()
                    .addLast(tls.newHandler(
                            channel.alloc(), lane.target().host(), lane.target().port()));
        }
    }

    /** Opens a connection; what follows runs on the loop, also where there was no channel to open, as without descriptors. */
    private void open(Consumer<Channel> handlers, Consumer<ChannelFuture> then) {
        ChannelFuture opening = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        all.add(channel);
                        handlers.accept(channel);
                    }
                })
                .connect(lane.target().host(), lane.target().port());
        opening.addListener(opened -> loop.execute(() -> then.accept(opening)));
    }
}
