package headgate.filters.content.prompt;

import headgate.filters.content.TextRules;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The scans of one event loop that are not in use, so that not each prompt needs new ones.
 *
 * <p>The last few that were used are kept, whichever policies they are for: a scan is in use while a body comes, which few
 * do at once, and one for rules that are in force no more keeps these in memory until others push it out. Confined to its
 * event loop.
 */
public final class PromptScans {
    static final int KEPT_MAX = 4;

    private final ArrayDeque<PromptScan> free = new ArrayDeque<>(KEPT_MAX);

    /** Has none yet. */
    public PromptScans() {}

    /** One for these rules. */
    PromptScan take(TextRules rules) {
        for (Iterator<PromptScan> scans = free.iterator(); scans.hasNext(); ) {
            PromptScan scan = scans.next();
            if (scan.rules() == rules) {
                scans.remove();
                return scan;
            }
        }
        return PromptScan.of(rules);
    }

    /** Takes one back; the one that was longest out of use goes when there are too many. */
    void giveBack(PromptScan scan) {
        scan.scan().begin();
        if (free.size() == KEPT_MAX) {
            free.removeLast();
        }
        free.push(scan);
    }
}
