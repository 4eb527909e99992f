package headgate.filters.content.completion;

import headgate.filters.content.FilterResults;
import headgate.filters.content.Findings;
import headgate.filters.content.TextScan;
import headgate.filters.content.text.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * One text of a choice, which comes in pieces: what the rules found in it, and how far judges have judged it.
 *
 * <p>Offsets count its bytes, still escaped.
 */
final class Lane {
    /**
     * What judges are to be asked about.
     *
     * @param characters with some that stand in front of them
     * @param start where it begins
     * @param end where it ends
     * @param from which character of the text is its first
     * @param to which one is behind its last
     */
    record Batch(String characters, long start, long end, long from, long to) {}

    final Choice choice;

    private final @Nullable TextScan rules;
    private final @Nullable Findings findings;
    private final @Nullable PlainText text;
    private final boolean holds;
    private final int ahead;
    private long offset;
    private boolean over;

    private String before = "";
    private long asked;
    private long judged;
    private long characters;

    /**
     * A text that has not begun.
     *
     * @param rules null where there are none
     * @param holds whether what the rules have not decided is held back
     * @param asks whether judges are asked
     * @param ahead bytes that may go on before judges have judged them
     */
    Lane(Choice choice, @Nullable TextScan rules, boolean holds, boolean asks, int ahead) {
        this.choice = choice;
        this.rules = rules;
        this.findings = rules == null ? null : new Findings(rules);
        this.text = asks ? new PlainText() : null;
        this.holds = holds;
        this.ahead = ahead;
    }

    /** How many bytes it has. */
    long offset() {
        return offset;
    }

    /** Whether nothing more comes. */
    boolean over() {
        return over;
    }

    void read(byte[] bytes, int from, int to) {
        offset += to - from;
        if (rules != null) {
            rules.read(bytes, from, to);
        }
        if (text != null) {
            text.read(bytes, from, to);
        }
    }

    void end() {
        if (!over) {
            over = true;
            if (rules != null) {
                rules.end();
            }
        }
    }

    /** Tells what the rules found since; where it must be cut, or {@link Long#MAX_VALUE}. */
    long tell(FilterResults results, Findings.Mask mask) {
        return findings == null ? Long.MAX_VALUE : findings.tell(results, mask);
    }

    /**
     * Below this offset it may go on.
     *
     * @param awaited whether judges are waited for
     */
    long free(boolean awaited) {
        long free = rules == null || !holds ? offset : rules.decided();
        return text == null || !awaited ? free : Math.min(free, judged + ahead);
    }

    /** Whether nothing of it is undecided. */
    boolean settled(boolean awaited) {
        return (rules == null || rules.decided() == offset) && (text == null || !awaited || judged == offset);
    }

    /** Up to this offset judges were asked. */
    long asked() {
        return asked;
    }

    /** What judges are to be asked now; null when they are busy with it, or there is too little yet. */
    @Nullable
    Batch ask(int charactersMin) {
        if (text == null || asked > judged || asked == offset || (!over && text.length() < charactersMin)) {
            return null;
        }
        return batch(text.take(), offset, charactersMin);
    }

    /** What judges are to be asked now about that in front of a cut of which they were not asked yet; null for nothing. */
    @Nullable
    Batch askRest(String rest, long end, int charactersMin) {
        return text == null || asked > judged || end <= asked ? null : batch(rest, end, charactersMin);
    }

    private @Nullable Batch batch(String more, long end, int charactersBefore) {
        Batch batch = new Batch(before + more, asked, end, characters, characters + more.length());
        characters = batch.to;
        before = more.substring(Math.max(0, more.length() - charactersBefore));
        asked = end;
        if (batch.characters.isBlank()) {
            judged = asked;
            return null;
        }
        return batch;
    }

    /** Judges have nothing against what they were asked about. */
    void passed(Batch batch) {
        judged = batch.end;
    }
}
