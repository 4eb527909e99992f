package headgate.filters.content.judge;

import headgate.filters.content.Judge.Text;
import headgate.filters.content.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text that is being judged, and all who wait for its verdict. Shared by all event loops. */
final class Pending {
    private final ByteBuffer key;
    private final Text text;
    private final List<Asked> waiting = new ArrayList<>(1);
    private boolean over;

    Pending(ByteBuffer key, Text text) {
        this.key = key;
        this.text = text;
    }

    ByteBuffer key() {
        return key;
    }

    Text text() {
        return text;
    }

    /** Waits for it too; false when it is over. */
    synchronized boolean join(Asked asked) {
        return !over && waiting.add(asked);
    }

    void found(Verdict verdict) {
        for (Asked asked : end()) {
            onLoop(asked, () -> asked.found(verdict));
        }
    }

    void failed(@Nullable String why) {
        for (Asked asked : end()) {
            onLoop(asked, () -> asked.failed(String.valueOf(why)));
        }
    }

    private synchronized List<Asked> end() {
        over = true;
        return waiting;
    }

    private static void onLoop(Asked asked, Runnable told) {
        if (asked.loop().inEventLoop()) {
            told.run();
        } else {
            asked.loop().execute(told);
        }
    }
}
