package headgate.filters.content.text;

import headgate.filters.content.TextRule;
import java.util.List;

/** Finds personal data and secrets by their forms, each asked where one might begin. */
final class PatternScan implements Scan, UnitSink {
    private static final int KEPT_MAX = 1024;

    /** A pattern that is looked for. */
    record Use(TextRule rule, PatternForm form) {}

    private final List<Use> uses;
    private final Matches matches;
    private final Normalizer normalizer = new Normalizer(false, this);
    private final CharacterReader reader = new CharacterReader(normalizer);
    private final UnitWindow text = new UnitWindow();

    private int at;
    private int lookAt;

    PatternScan(List<Use> uses, Matches matches) {
        this.uses = uses;
        this.matches = matches;
    }

    @Override
    public void begin() {
        reader.begin();
        normalizer.begin();
        text.clear();
        at = 0;
        lookAt = KEPT_MAX;
    }

    @Override
    public void read(byte[] bytes, int from, int to, long offset) {
        for (int i = from; i < to; i++) {
            reader.read(bytes[i], offset + i - from);
        }
        look(false);
    }

    @Override
    public void unit(int unit, long start, long end) {
        text.add(unit, start, end);
        if (text.size() >= lookAt) {
            look(false);
            lookAt = Math.max(KEPT_MAX, text.size() * 2);
        }
    }

    @Override
    public void end() {
        reader.end();
        normalizer.flush();
        look(true);
    }

    @Override
    public long decided(long offset) {
        return at < text.size() ? text.start(at) : normalizer.pending(reader.pending(offset));
    }

    private void look(boolean over) {
        while (at < text.size() && decided(over)) {
            at++;
        }
        // One unit stays, so that it is known whether a word begins behind it.
        int dropped = Math.max(0, at - 1);
        if (dropped > 0) {
            text.drop(dropped);
            at -= dropped;
        }
    }

    /** Whether all forms could say if they begin here. */
    private boolean decided(boolean over) {
        boolean decided = true;
        for (Use use : uses) {
            int length = use.form().length(text, at);
            if (text.missed() && !over) {
                decided = false;
            } else if (length > 0) {
                matches.add(use.rule(), text.start(at), text.end(at + length - 1));
            }
        }
        return decided;
    }
}
