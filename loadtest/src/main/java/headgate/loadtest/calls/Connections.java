package headgate.loadtest.calls;

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

/** A lane's connections: opened as calls need them up to a bound, and the calls that wait for one. */
final class Connections {
    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final int LINE_BYTES_MAX = 8192;
    private static final int HEAD_BYTES_MAX = 65536;

    private final Lane lane;
    private final EventLoop loop;
    private final Measures measures;
    private final int connectionsMax;
    private final int callsMax;
    private final int backlogMax;
    private final int idle;
    private final ChannelGroup all;
    private final Set<CallConnection> withRoom = new LinkedHashSet<>();
    private final Set<CallConnection> connected = new LinkedHashSet<>();
    private final ArrayDeque<Call> waiting = new ArrayDeque<>();
    private int connecting;
    private boolean closing;

    Connections(Lane lane, EventLoop loop, Scenario scenario, Measures measures) {
        this.lane = lane;
        this.loop = loop;
        this.measures = measures;
        int lanes = scenario.count(Key.LOOPS);
        connectionsMax = scenario.count(Key.CONNECTIONS) / lanes;
        callsMax = scenario.count(Key.PIPELINE);
        backlogMax = scenario.count(Key.BACKLOG);
        idle = scenario.count(Key.IDLE) / lanes;
        all = new DefaultChannelGroup(loop);
    }

    int connectionsMax() {
        return connectionsMax;
    }

    /** Opens the connections that stay silent. */
    void openIdle() {
        for (int i = 0; i < idle; i++) {
            ChannelFuture opening = open(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    addTls(channel);
                }
            });
            opening.channel().closeFuture().addListener(closed -> measures.add(Count.IDLE_LOST, closing ? 0 : 1));
        }
    }

    /** Sends a call as soon as a connection has room for it. */
    void take(Call call) {
        if (call.ended) {
            return;
        }
        if (withRoom.isEmpty()) {
            if (waiting.size() >= backlogMax) {
                lane.ended(call, Outcome.UNSENT);
                return;
            }
            waiting.add(call);
            if (connecting < waiting.size() && connected.size() + connecting < connectionsMax) {
                connect();
            } else if (connecting == 0 && call.measured) {
                measures.add(Count.QUEUED, 1);
            }
            return;
        }
        Iterator<CallConnection> first = withRoom.iterator();
        CallConnection connection = first.next();
        first.remove();
        connection.send(call);
        if (connection.hasRoom(callsMax)) {
            withRoom.add(connection);
        }
    }

    void connected(CallConnection connection) {
        connecting--;
        connected.add(connection);
        hasRoom(connection);
    }

    void hasRoom(CallConnection connection) {
        withRoom.add(connection);
        while (!waiting.isEmpty() && !withRoom.isEmpty()) {
            take(waiting.remove());
        }
    }

    void closed(CallConnection connection, boolean wasConnected) {
        withRoom.remove(connection);
        connected.remove(connection);
        if (!wasConnected) {
            notConnected();
        } else if (!closing && !waiting.isEmpty() && connected.size() + connecting < connectionsMax) {
            connect();
        }
    }

    /** Ends a call before its answer, wherever it is. */
    void leave(Call call, Outcome outcome) {
        waiting.remove(call);
        for (CallConnection connection : connected) {
            if (connection.leave(call, outcome)) {
                return;
            }
        }
        lane.ended(call, outcome);
    }

    void closeAll() {
        closing = true;
        all.close();
    }

    private void connect() {
        connecting++;
        CallConnection connection = new CallConnection(lane);
        open(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        addTls(channel);
                        channel.pipeline()
                                .addLast(new HttpResponseDecoder(LINE_BYTES_MAX, HEAD_BYTES_MAX, HEAD_BYTES_MAX));
                        channel.pipeline().addLast(connection);
                    }
                })
                .addListener(opened -> {
                    // A channel that opened says for itself when it has closed, and whether it was ready before.
                    if (!opened.isSuccess()) {
                        notConnected();
                    }
                });
    }

    /** An attempt failed: one call pays for it, and others may try. */
    private void notConnected() {
        connecting--;
        Call unlucky = waiting.poll();
        if (unlucky != null) {
            lane.ended(unlucky, Outcome.CONNECT);
        }
        if (connecting < waiting.size() && connected.size() + connecting < connectionsMax) {
            connect();
        }
    }

    private ChannelFuture open(ChannelInitializer<Channel> initializer) {
        ChannelFuture opening = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .handler(initializer)
                .connect(lane.target().host(), lane.target().port());
        all.add(opening.channel());
        return opening;
    }

    private void addTls(Channel channel) {
        SslContext tls = lane.target().tls();
        if (tls != null) {
            channel.pipeline()
                    .addLast(tls.newHandler(
                            channel.alloc(), lane.target().host(), lane.target().port()));
        }
    }
}
