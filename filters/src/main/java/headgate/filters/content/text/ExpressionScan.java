package headgate.filters.content.text;

import com.google.re2j.Matcher;
import headgate.filters.content.TextRule;

/**
 * Finds regular expressions, in windows of text that overlap.
 *
 * <p>A match of up to a certain length is found wherever the text is split, and what could still begin one is undecided. A window is
 * looked at when a quarter of it is new, so each character is looked at a bounded number of times.
 */
final class ExpressionScan implements Scan, UnitSink {
    private static final int STEPS = 4;

    private final Expressions expressions;
    private final Matches matches;
    private final Matcher matcher;
    private final Normalizer normalizer;
    private final CharacterReader reader;
    private final StringBuilder text = new StringBuilder();
    private final UnitWindow places = new UnitWindow();

    /** The first character at which a match may begin that has not been found. */
    private int from;

    private int looked;

    ExpressionScan(Expressions expressions, Matches matches) {
        this.expressions = expressions;
        this.matches = matches;
        this.matcher = expressions.pattern().matcher(text);
        this.normalizer = new Normalizer(expressions.lookalikes(), this);
        this.reader = new CharacterReader(normalizer);
    }

    @Override
    public void begin() {
        reader.begin();
        normalizer.begin();
        text.setLength(0);
        places.clear();
        from = 0;
        looked = 0;
    }

    @Override
    public void read(byte[] bytes, int start, int to, long offset) {
        for (int i = start; i < to; i++) {
            reader.read(bytes[i], offset + i - start);
        }
    }

    @Override
    public void unit(int unit, long start, long end) {
        int seen = unit;
        if (expressions.lookalikes()) {
            int folded = Letters.fold(unit);
            seen = Letters.lookalike(folded) == folded ? unit : Letters.lookalike(folded);
        }
        text.appendCodePoint(seen);
        while (places.size() < text.length()) {
            places.add(seen, start, end);
        }
        if (text.length() - looked >= Math.max(1, expressions.charactersMax() / STEPS)) {
            look(text.length() - expressions.charactersMax());
        }
    }

    @Override
    public void end() {
        reader.end();
        normalizer.flush();
        look(text.length());
        from = text.length();
    }

    @Override
    public long decided(long offset) {
        return from < text.length() ? places.start(from) : normalizer.pending(reader.pending(offset));
    }

    /** Takes the matches that begin up to a place. */
    private void look(int last) {
        TextRule rule = expressions.rule();
        matcher.reset(text);
        while (from <= last && from < text.length() && matcher.find(from) && matcher.start() <= last) {
            if (matcher.end() > matcher.start()) {
                matches.add(rule, places.start(matcher.start()), places.end(matcher.end() - 1));
            }
            from = Math.max(matcher.end(), matcher.start() + 1);
        }
        from = Math.max(from, Math.min(text.length(), last + 1));
        // One character stays, so that it is known whether a word begins behind it.
        int dropped = Math.max(0, Math.min(from - 1, text.length()));
        text.delete(0, dropped);
        places.drop(dropped);
        from -= dropped;
        looked = text.length();
    }
}
