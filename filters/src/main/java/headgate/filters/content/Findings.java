package headgate.filters.content;

import headgate.conf.ContentFilterConfig.Action;

/**
 * Tells what a scan has found in one text, and where it has to be masked or cut.
 *
 * <p>A later match may stand in front of one that was told: what is not decided is told again, and changes nothing.
 */
public final class Findings {
    /** Writes over what stands between two offsets of the text. */
    @FunctionalInterface
    public interface Mask {
        void mask(long from, long to);
    }

    private final TextScan scan;
    private int told;

    /** Of a text that has not begun. */
    public Findings(TextScan scan) {
        this.scan = scan;
    }

    /** Another text has begun. */
    public void begin() {
        told = 0;
    }

    /**
     * Tells what was found since.
     *
     * @return where the first match begins that forbids the text; {@link Long#MAX_VALUE} when none does
     */
    public long tell(FilterResults results, Mask mask) {
        long decided = scan.decided();
        long forbidden = Long.MAX_VALUE;
        int last = told;
        for (int i = told; i < scan.matchCount(); i++) {
            TextRule rule = scan.matchRule(i);
            long from = scan.matchStart(i);
            long to = scan.matchEnd(i);
            results.found(rule);
            if (rule.action() == Action.MASK) {
                mask.mask(from, to);
            } else if (rule.action() == Action.BLOCK) {
                forbidden = Math.min(forbidden, from);
            }
            last = last == i && from < decided && to <= decided ? i + 1 : last;
        }
        told = last;
        return forbidden;
    }
}
