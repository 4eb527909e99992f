package headgate.proxy.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long somebody who refuses is left alone. */
final class BackoffTest {
    private final Backoff backoff = new Backoff(10, 60);
    private long now = Long.MAX_VALUE - 100;

    @Test
    void eachFailureDoublesTheWaitUpToItsBound() {
        assertThat(backoff.waits(now)).as("nothing has failed").isFalse();
        for (int wait : new int[] {10, 20, 40, 60, 60}) {
            backoff.refused(now, 0);
            assertWaits(wait);
        }
    }

    @Test
    void successEndsIt() {
        backoff.refused(now, 0);
        backoff.refused(now, 0);
        backoff.taken();
        assertThat(backoff.waits(now)).isFalse();
        backoff.refused(now, 0);
        assertWaits(10);
    }

    @Test
    void whatTheyWantCountsWhereItIsLongerAndIsBoundedToo() {
        backoff.refused(now, 35);
        assertWaits(35);
        backoff.refused(now, 5);
        assertWaits(20);
        backoff.refused(now, Long.MAX_VALUE);
        assertWaits(60);
    }

    private void assertWaits(long wait) {
        now += wait - 1;
        assertThat(backoff.waits(now)).as("%d is not over", wait).isTrue();
        now += 1;
        assertThat(backoff.waits(now)).as("%d is over", wait).isFalse();
    }
}
