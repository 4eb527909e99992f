package headgate.loadtest.calls;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.loadtest.measure.Measures;
import headgate.loadtest.scenario.Arrival;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallConnectionTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int reads;

    private CallConnection connection() throws Exception {
        Scenario scenario = Scenario.standard().with(Key.SLOW_EVERY, "10ms");
        Target target = Target.of("http://127.0.0.1:1", "", false);
        Lane lane = new Lane(channel.eventLoop(), 0, scenario, target, new Measures(), scenario.arrivals());
        CallConnection connection = new CallConnection(lane, 1, new ReadSize());
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                reads++;
                ctx.read();
            }
        });
        channel.pipeline().addLast(connection);
        channel.freezeTime();
        channel.pipeline().fireChannelActive();
        return connection;
    }

    private static Call slowCall(int number) {
        return new Call(new Arrival(0, 1, 1), System.nanoTime(), true, new Mark().of(number), true, -1);
    }

    @Test
    void aSlowReaderReadsNoFasterAfterOthersOnItsConnection() throws Exception {
        CallConnection connection = connection();
        for (int call = 0; call < 5; call++) {
            connection.send(slowCall(call));
            channel.writeInbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        }
        connection.send(slowCall(5));
        reads = 0;

        for (int turn = 1; turn <= 3; turn++) {
            channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            assertThat(reads).as("one read in each turn").isEqualTo(turn);
        }
        // The lane did not open this channel, and is not to open another in its place.
        channel.pipeline().remove(connection);
        channel.finishAndReleaseAll();
    }
}
