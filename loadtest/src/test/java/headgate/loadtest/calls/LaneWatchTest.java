package headgate.loadtest.calls;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.loadtest.measure.Measures;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LaneWatchTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void itMeasuresFromTheEndOfTheWarmUpUntilNoMoreCallsBegin() {
        Scenario scenario = Scenario.standard().with(Map.of(Key.WARMUP, "100s", Key.DURATION, "300s"));
        LaneWatch watch = new LaneWatch(channel.eventLoop(), scenario, new Measures());
        channel.freezeTime();
        long now = System.nanoTime();
        watch.begin(now, now);

        pass(99);
        assertThat(watch.measuring()).as("in the warm-up").isFalse();
        pass(2);
        assertThat(watch.measuring()).as("after it").isTrue();
        pass(198);
        assertThat(watch.measuring()).as("while calls begin").isTrue();
        pass(2);
        assertThat(watch.measuring()).as("after the last").isFalse();
        channel.finishAndReleaseAll();
    }
}
