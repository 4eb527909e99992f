package headgate.filters.content.judge;

import java.util.ArrayDeque;

/** The calls that one question takes, so many of them at once: it alone does not fill the turnstile. Belongs to the loop that asked. */
final class Calls {
    /** Is made when it is its turn. */
    interface Call {
        /** Makes it; {@code over} is run when it is over, at once or later, on the same loop. */
        void make(Runnable over);
    }

    private final ArrayDeque<Call> waiting = new ArrayDeque<>();
    private final int openMax;
    private int open;
    private boolean making;

    Calls(int openMax) {
        this.openMax = openMax;
    }

    void add(Call call) {
        waiting.add(call);
    }

    /** Makes those whose turn it is; the others follow when these are over. */
    void make() {
        if (making) {
            return;
        }
        making = true;
        while (open < openMax && !waiting.isEmpty()) {
            open++;
            waiting.remove().make(this::over);
        }
        making = false;
    }

    private void over() {
        open--;
        make();
    }
}
