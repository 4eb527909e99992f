package headgate.filters.content.judge;

import headgate.filters.content.Judge.Answer;
import headgate.filters.content.Verdict;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One question that somebody waits for: answered once, by the worst of its verdicts or by the first failure, and in time. */
final class Asked {
    private final EventLoop loop;
    private final Answer answer;
    private final Future<?> deadline;

    private Verdict worst = Verdict.NONE;

    /** Verdicts that are still to come, and one for the questioner, who may not have asked for all of them yet. */
    private int missing = 1;

    private boolean over;

    Asked(EventLoop loop, Answer answer, Duration deadline) {
        this.loop = loop;
        this.answer = answer;
        this.deadline = loop.schedule(() -> failed("no verdict in time"), deadline.toNanos(), TimeUnit.NANOSECONDS);
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
        if (missing == 0 && end()) {
            answer.found(worst);
        }
    }

    void failed(String why) {
        if (end()) {
            answer.failed(why);
        }
    }

    private boolean end() {
        boolean first = !over;
        over = true;
        deadline.cancel(false);
        return first;
    }
}
