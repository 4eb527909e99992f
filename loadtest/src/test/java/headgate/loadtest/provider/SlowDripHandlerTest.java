package headgate.loadtest.provider;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.LeakPresenceDetector;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlowDripHandlerTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void drips() {
        channel.freezeTime();
        channel.pipeline().addLast(new SlowDripHandler(10));
        channel.runScheduledPendingTasks();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        channel.finishAndReleaseAll();
        LeakPresenceDetector.check();
    }

    private ChannelFuture write(String bytes) {
        return channel.writeAndFlush(Unpooled.copiedBuffer(bytes, US_ASCII));
    }

    private String after(int ms) {
        channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        StringBuilder seen = new StringBuilder();
        for (ByteBuf out; (out = channel.readOutbound()) != null; out.release()) {
            seen.append(out.toString(US_ASCII));
        }
        return seen.toString();
    }

    @Test
    void oneByteLeavesInEachPeriod() {
        ChannelFuture two = write("ab");
        write("");
        write("c");

        assertThat(after(9)).isEmpty();
        assertThat(after(1)).isEqualTo("a");
        assertThat(two.isDone()).isFalse();
        assertThat(after(10)).isEqualTo("b");
        assertThat(two.isSuccess()).isTrue();
        assertThat(after(10)).isEqualTo("c");
        assertThat(after(10)).isEmpty();
    }

    @Test
    void whatWaitsLeavesAtOnceWhenTheHandlerGoes() {
        write("abc");
        assertThat(after(10)).isEqualTo("a");

        channel.pipeline().remove(SlowDripHandler.class);
        assertThat(after(0)).isEqualTo("bc");
        write("d");
        assertThat(after(0)).isEqualTo("d");
    }

    @Test
    void whatWaitsFailsWhenTheConnectionEnds() {
        ChannelFuture waiting = write("abc");
        channel.close();
        channel.runPendingTasks();

        assertThat(waiting.isDone()).isTrue();
        assertThat(waiting.isSuccess()).isFalse();
    }
}
