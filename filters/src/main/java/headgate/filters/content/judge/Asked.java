package headgate.filters.content.judge;

import headgate.filters.content.Judge.Answer;
import headgate.filters.content.Verdict;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One question that somebody waits for: answered once, in time, by the worst of its verdicts, and by a failure if one is missing.
 *
 * <p>All are waited for, also when one has failed: another may be what the text is refused for.
 */
final class Asked {
    private final EventLoop loop;
    private final Answer answer;
    private final Future<?> deadline;

    private Verdict worst = Verdict.NONE;
    private @Nullable String failure;

    /** Verdicts that are still to come, and one for the questioner, who may not have asked for all of them yet. */
    private int missing = 1;

    private boolean over;

    Asked(EventLoop loop, Answer answer, Duration deadline) {
        this.loop = loop;
        this.answer = answer;
        this.deadline = loop.schedule(this::late, deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    EventLoop loop() {
        return loop;
    }

    void expect() {
        missing++;
    }

    /** One of the verdicts; from the loop that asked. */
    void found(Verdict verdict) {
        worst = worst.worst(verdict);
        missing--;
        endIfComplete();
    }

    /** There will be none, where one was expected. */
    void failed(String why) {
        failure = failure == null ? why : failure;
        missing--;
        endIfComplete();
    }

    private void late() {
        failure = failure == null ? "no verdict in time" : failure;
        end();
    }

    private void endIfComplete() {
        if (missing == 0) {
            deadline.cancel(false);
            end();
        }
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        if (failure == null) {
            answer.found(worst);
        } else {
            answer.failed(worst, failure);
        }
    }
}
