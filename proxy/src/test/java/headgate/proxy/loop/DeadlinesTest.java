package headgate.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deadlines are met, moved and taken back, and none can keep another from its own. */
class DeadlinesTest {
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final List<String> expired = new ArrayList<>();

    @AfterEach
    void endTheLoop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void whatIsOverExpiresOnceAndWhatIsMovedRemovedOrClearedDoesNot() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        loop.submit(() -> {
                    Deadlines deadlines = new Deadlines(loop);
                    Deadlines.Timed moved = named("moved");
                    Deadlines.Timed removed = named("removed");
                    Deadlines.Timed cleared = named("cleared");
                    for (Deadlines.Timed timed : List.of(removed, named("over"), moved, cleared)) {
                        deadlines.add(timed);
                        timed.deadline(System.nanoTime());
                    }
                    moved.deadline(System.nanoTime() + TimeUnit.HOURS.toNanos(1));
                    cleared.clearDeadline();
                    deadlines.remove(removed);
                    loop.schedule(done::countDown, 3 * Deadlines.TICK_MS, TimeUnit.MILLISECONDS);
                })
                .sync();
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(expired).containsExactly("over");
    }

    @Test
    void aDefectInOneDoesNotStopTheOthers() throws Exception {
        CountDownLatch later = new CountDownLatch(1);
        loop.submit(() -> {
                    Deadlines deadlines = new Deadlines(loop);
                    Deadlines.Timed other = new Deadlines.Timed() {
                        @Override
                        protected void expired(long nowNanos) {
                            later.countDown();
                        }
                    };
                    Deadlines.Timed defect = new Deadlines.Timed() {
                        @Override
                        protected void expired(long nowNanos) {
                            throw new IllegalStateException("a defect");
                        }
                    };
                    deadlines.add(other);
                    other.deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(250));
                    deadlines.add(defect);
                    defect.deadline(System.nanoTime());
                })
                .sync();
        assertThat(later.await(30, TimeUnit.SECONDS))
                .as("the deadline after the defect")
                .isTrue();
    }

    private Deadlines.Timed named(String name) {
        return new Deadlines.Timed() {
            @Override
            protected void expired(long nowNanos) {
                expired.add(name);
            }
        };
    }
}
