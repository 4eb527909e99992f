package headgate.filters.content.judge;

import headgate.filters.content.Judge.Text;
import headgate.filters.content.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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

    /** Tells all who wait; says how many. */
    int found(Verdict verdict) {
        return end(asked -> asked.found(verdict));
    }

    /** Tells all who wait; says how many. */
    int failed(@Nullable String why) {
        return end(asked -> asked.failed(String.valueOf(why)));
    }

    private int end(Consumer<Asked> told) {
        List<Asked> all = end();
        all.forEach(asked -> onLoop(asked, () -> told.accept(asked)));
        return all.size();
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
