package headgate.filters.content.text;

import java.text.Normalizer.Form;

/**
 * Gives text that means the same one form: NFKC, without what shows nothing, with one space for all white space.
 *
 * <p>A character waits for the next one, since a mark may follow that becomes one with it. Where look-alikes count, marks on
 * letters are left out as well. Case is left as it is.
 */
final class Normalizer implements CharacterReader.Sink {
    /** As many marks as the Stream-Safe Text Format allows behind one letter (UAX 15, section 13). */
    private static final int MARKS_MAX = 30;

    private final boolean lookalikes;
    private final UnitSink sink;
    private final StringBuilder cluster = new StringBuilder();

    private int pending;
    private long start;
    private long end;
    private int length;
    private boolean spaced;

    Normalizer(boolean lookalikes, UnitSink sink) {
        this.lookalikes = lookalikes;
        this.sink = sink;
    }

    void begin() {
        length = 0;
        spaced = false;
    }

    /** Where the character begins that still waits for its marks, or else {@code offset}. */
    long pending(long offset) {
        return length == 0 ? offset : start;
    }

    /** Whether a character waits. */
    boolean waits() {
        return length > 0;
    }

    /** The one character that waits; -1 when none does, or one with marks. */
    int pendingCharacter() {
        return length == 1 ? pending : -1;
    }

    /** Whether what waits says nothing, since it is white space behind white space. */
    boolean waitsInVain() {
        return length == 1 && spaced && Letters.isSpace(pending);
    }

    /** Plain characters were passed over, of which this was the last. */
    void passed(int last) {
        spaced = last == ' ';
    }

    @Override
    public void character(int codePoint, long from, long to) {
        if (codePoint >= 0x80) {
            if (Letters.isIgnored(codePoint)) {
                return;
            }
            if (length > 0 && !Letters.isSelf(codePoint) && Letters.continues(codePoint) && length <= MARKS_MAX) {
                join(codePoint, to);
                return;
            }
        }
        flush();
        pending = codePoint;
        start = from;
        end = to;
        length = 1;
    }

    /** What waits is complete. */
    void flush() {
        if (length == 1) {
            length = 0;
            if (pending < 0x80 || (!lookalikes && Letters.isSelf(pending))) {
                put(pending);
            } else {
                putAll(Character.toString(pending));
            }
        } else if (length > 1) {
            length = 0;
            putAll(cluster.toString());
        }
    }

    private void join(int mark, long to) {
        if (length == 1) {
            cluster.setLength(0);
            cluster.appendCodePoint(pending);
        }
        cluster.appendCodePoint(mark);
        length++;
        end = to;
    }

    private void putAll(String text) {
        String normal = java.text.Normalizer.normalize(lookalikes ? bare(text) : text, Form.NFKC);
        normal.codePoints().forEach(this::put);
    }

    private static String bare(String text) {
        String parts = java.text.Normalizer.normalize(text, Form.NFKD);
        StringBuilder bare = new StringBuilder();
        parts.codePoints().filter(part -> bare.isEmpty() || !isOrnament(part)).forEach(bare::appendCodePoint);
        return bare.toString();
    }

    /** Accents, strokes and rings; the signs of other scripts are letters by themselves. */
    private static boolean isOrnament(int codePoint) {
        return (codePoint >= 0x300 && codePoint <= 0x36F)
                || (codePoint >= 0x483 && codePoint <= 0x489)
                || (codePoint >= 0x1AB0 && codePoint <= 0x1AFF)
                || (codePoint >= 0x1DC0 && codePoint <= 0x1DFF)
                || (codePoint >= 0x20D0 && codePoint <= 0x20FF)
                || (codePoint >= 0xFE20 && codePoint <= 0xFE2F);
    }

    private void put(int codePoint) {
        boolean space = Letters.isSpace(codePoint);
        if (!space || !spaced) {
            spaced = space;
            sink.unit(space ? ' ' : codePoint, start, end);
        }
    }
}
