package headgate.filters.model;

import headgate.conf.LimitsConfig;
import headgate.filters.json.JsonScanner;
import headgate.filters.json.ScanWindow;
import java.util.ArrayDeque;

/**
 * The scanners of one event loop that are not in use, so that an idle connection needs none.
 *
 * <p>Confined to its event loop.
 */
public final class ScannerPool {
    private static final int KEPT_MAX = 256;

    private final ScanWindow window = new ScanWindow();
    private final ArrayDeque<JsonScanner> free = new ArrayDeque<>();
    private LimitsConfig limits;

    /** A pool that makes scanners with these bounds. */
    public ScannerPool(LimitsConfig limits) {
        this.limits = limits;
    }

    /** Scanners have these bounds from now on. */
    public void limits(LimitsConfig next) {
        limits = next;
        free.removeIf(scanner -> !scanner.isBoundBy(next.jsonDepth(), next.textSpans()));
    }

    /** A scanner at its beginning. */
    JsonScanner take() {
        JsonScanner scanner = free.poll();
        return scanner == null ? new JsonScanner(limits.jsonDepth(), limits.textSpans(), window) : scanner;
    }

    /** Takes a scanner back. */
    void giveBack(JsonScanner scanner) {
        if (free.size() < KEPT_MAX && scanner.isBoundBy(limits.jsonDepth(), limits.textSpans())) {
            scanner.reset();
            free.push(scanner);
        }
    }
}
