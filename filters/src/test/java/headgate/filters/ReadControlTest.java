package headgate.filters;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.ReadControl.Reason;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** A channel is read while nobody has a reason against it. */
final class ReadControlTest {
    @Test
    void readingGoesOnWhenTheLastReasonIsTakenBack() {
        EmbeddedChannel channel = new EmbeddedChannel();
        ReadControl reads = new ReadControl(channel);
        assertThat(channel.config().isAutoRead()).isTrue();
        reads.pause(Reason.OTHER_SIDE_FULL);
        reads.pause(Reason.OTHER_SIDE_FULL);
        reads.pause(Reason.PIPELINE_FULL);
        reads.resume(Reason.OTHER_SIDE_FULL);
        assertThat(channel.config().isAutoRead()).as("one reason is left").isFalse();
        assertThat(reads.paused()).isTrue();
        reads.resume(Reason.OTHER_SIDE_FULL);
        assertThat(channel.config().isAutoRead()).as("a reason counts once").isFalse();
        reads.resume(Reason.PIPELINE_FULL);
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(reads.paused()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void aReasonThatWasNeverGivenChangesNothing() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAutoRead(false);
        new ReadControl(channel).resume(Reason.PIPELINE_FULL);
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.finishAndReleaseAll();
    }
}
