package headgate.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The deadlines of one loop, looked at at every tick. */
final class ManyDeadlinesTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Deadlines deadlines = new Deadlines(channel.eventLoop());
    private final List<String> expired = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aDeadlineThatHasPassedIsToldOnce() {
        Waiting waiting = add("a");
        waiting.deadline(System.nanoTime());
        tick();
        tick();
        assertThat(expired).containsExactly("a");
    }

    @Test
    void oneThatWasMovedClearedOrRemovedIsNotTold() {
        add("moved").deadline(System.nanoTime() + TimeUnit.HOURS.toNanos(1));
        Waiting cleared = add("cleared");
        cleared.deadline(System.nanoTime());
        cleared.clearDeadline();
        Waiting removed = add("removed");
        removed.deadline(System.nanoTime());
        deadlines.remove(removed);
        deadlines.remove(removed);
        add("waits for nothing");
        tick();
        assertThat(expired).isEmpty();
    }

    @Test
    void removingOneOfManyKeepsTheOthers() {
        List<Waiting> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(add("w" + i));
            all.get(i).deadline(System.nanoTime());
        }
        for (int i = 0; i < 20; i += 3) {
            deadlines.remove(all.get(i));
        }
        tick();
        assertThat(expired).hasSize(13).doesNotContain("w0", "w3", "w18").contains("w1", "w19");
    }

    @Test
    void whoExpiresMayRemoveAnyOther() {
        List<Waiting> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(add("w" + i));
            all.get(i).deadline(System.nanoTime());
        }
        all.get(5).then = () -> List.of(0, 1, 4, 5).forEach(i -> deadlines.remove(all.get(i)));
        tick();
        assertThat(expired).containsExactlyInAnyOrder("w5", "w2", "w3");
    }

    @Test
    void tickingStopsWithTheLastOneAndStartsWithTheNext() {
        Waiting first = add("first");
        deadlines.remove(first);
        tick();
        assertThat(channel.runScheduledPendingTasks())
                .as("nothing is scheduled")
                .isEqualTo(-1);
        add("second").deadline(System.nanoTime());
        tick();
        assertThat(expired).containsExactly("second");
    }

    @Test
    void oneThatFailsDoesNotStopTheOthersForGood() {
        Waiting other = add("other");
        Waiting failing = add("failing");
        failing.then = () -> {
            throw new IllegalStateException("a defect");
        };
        failing.deadline(System.nanoTime());
        tick();
        other.deadline(System.nanoTime());
        tick();
        assertThat(expired).as("time-outs are what is left when all else fails").contains("other");
    }

    private Waiting add(String name) {
        Waiting waiting = new Waiting(name);
        deadlines.add(waiting);
        return waiting;
    }

    private void tick() {
        channel.advanceTimeBy(Deadlines.TICK_MS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private final class Waiting extends Deadlines.Timed {
        private final String name;
        private @Nullable Runnable then;

        Waiting(String name) {
            this.name = name;
        }

        @Override
        protected void expired(long nowNanos) {
            expired.add(name);
            if (then != null) {
                then.run();
            }
        }
    }
}
