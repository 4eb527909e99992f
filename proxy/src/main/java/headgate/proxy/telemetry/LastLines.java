package headgate.proxy.telemetry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * The last access lines of one event loop, on the pages that were handed over.
 *
 * <p>Confined to its loop. An exchange costs nothing here, and a page little: a heap of small objects, each alive for seconds,
 * would be copied and scanned by each collection. Ids are compared when somebody looks.
 */
final class LastLines {
    private final int most;
    private final Deque<AccessPage> pages = new ArrayDeque<>();
    private int lines;

    /** Room for so many; 0 for none. */
    LastLines(int most) {
        this.most = most;
    }

    boolean isOff() {
        return most == 0;
    }

    /** Keeps a page that nobody writes to any more. */
    void add(AccessPage page) {
        if (isOff()) {
            return;
        }
        pages.addLast(page);
        lines += page.lines();
        while (lines - pages.getFirst().lines() >= most) {
            lines -= pages.removeFirst().lines();
        }
    }

    /** All of this id, the newest first; a caller may use one id again. */
    List<String> find(String id) {
        List<String> found = new ArrayList<>();
        int above = Math.max(0, lines - most);
        for (AccessPage page : pages) {
            page.find(AccessLine.idMember(id), above, found);
            above = Math.max(0, above - page.lines());
        }
        Collections.reverse(found);
        return found;
    }
}
