package headgate.filters.content.text;

import java.util.Arrays;

/**
 * Finds words: skims what cannot begin one, and reads the rest letter by letter.
 *
 * <p>Letter by letter means through {@link Normalizer} into the {@link Automaton}, until that knows of no beginning any more.
 * The last units are remembered, as many as the longest word has, so that it is known where a match began.
 */
final class TermScan implements Scan, UnitSink {
    private final Terms terms;
    private final Matches matches;
    private final Normalizer normalizer;
    private final CharacterReader reader;
    private final int[] units;
    private final long[] starts;

    private int count;
    private int state;
    private boolean inWord;
    private long lastEnd;

    /** The matches that end with the last unit, if no more of the word follows: at most one for each length and rule. */
    private int[] waiting = new int[4];

    private int waitingCount;

    TermScan(Terms terms, Matches matches) {
        this.terms = terms;
        this.matches = matches;
        this.normalizer = new Normalizer(terms.lookalikes(), this);
        this.reader = new CharacterReader(normalizer);
        // With the marks of words' beginnings, of which there may be one for each unit.
        int room = Integer.highestOneBit(terms.longest() * 2 + 1) * 2;
        this.units = new int[room];
        this.starts = new long[room];
    }

    @Override
    public void begin() {
        reader.begin();
        normalizer.begin();
        count = 0;
        state = Automaton.ROOT;
        inWord = false;
        waitingCount = 0;
    }

    @Override
    public void read(byte[] bytes, int from, int to, long offset) {
        int i = from;
        while (i < to) {
            byte b = bytes[i];
            if (reader.idle() && (b >= 0 ? b != '\\' : Grams.isHan(bytes, i, to))) {
                normalizer.flush();
                if (state == Automaton.ROOT && waitingCount == 0) {
                    Grams grams = terms.grams();
                    i = passed(bytes, i, b >= 0 ? grams.next(bytes, i, to, inWord) : grams.nextBehindHan(bytes, i, to));
                    b = bytes[i];
                }
            }
            reader.read(b, offset + i - from);
            i++;
        }
        int waits = normalizer.pendingCharacter();
        if (waitingCount > 0 && waits >= 0 && waits < 0x80) {
            // No mark makes a letter of a sign, or a sign of a letter.
            decide(Letters.isWord(waits));
        }
    }

    @Override
    public void end() {
        reader.end();
        normalizer.flush();
        decide(false);
        state = Automaton.ROOT;
    }

    @Override
    public long decided(long offset) {
        long decided = reader.pending(offset);
        long begun = startOf(state);
        if (normalizer.waits() && !normalizer.waitsInVain()) {
            int waits = normalizer.pendingCharacter();
            boolean simple = waits >= ' ' && waits < 0x7F && !terms.hasMarks();
            long start = normalizer.pending(offset);
            begun = simple ? afterwards(waits, start, decided) : Math.min(begun, start);
        }
        decided = Math.min(decided, begun);
        for (int i = 0; i < waitingCount; i++) {
            decided = Math.min(decided, start(terms.terms().get(waiting[i])));
        }
        return decided;
    }

    /** Where the beginning of a word would stand if the character that waits were read. */
    private long afterwards(int waits, long start, long otherwise) {
        boolean begins = Letters.isWord(waits) && !inWord;
        int marked = begins ? terms.automaton().next(state, Term.WORD_BEGINS) : state;
        int depth = terms.automaton().depth(terms.automaton().next(marked, terms.same(waits)));
        int more = begins ? 2 : 1;
        if (depth > more) {
            return starts[(count - depth + more) & (starts.length - 1)];
        }
        return depth > 0 ? start : otherwise;
    }

    private long startOf(int reached) {
        int depth = terms.automaton().depth(reached);
        return depth == 0 ? Long.MAX_VALUE : starts[(count - depth) & (starts.length - 1)];
    }

    /** Text was skimmed up to a place, which this is. */
    private int passed(byte[] bytes, int from, int to) {
        if (to > from) {
            normalizer.passed(bytes[to - 1]);
            inWord = Letters.isAsciiWord(bytes[to - 1]);
        }
        return to;
    }

    @Override
    public void unit(int unit, long start, long end) {
        boolean word = Letters.isWord(unit);
        decide(word);
        if (word && !inWord) {
            push(Term.WORD_BEGINS, start);
        }
        inWord = word;
        lastEnd = end;
        push(unit, start);
        Automaton automaton = terms.automaton();
        for (int at = automaton.firstEnding(state); at != Automaton.ROOT; at = automaton.nextEnding(at)) {
            found(automaton.word(at));
        }
    }

    private void push(int unit, long start) {
        int slot = count++ & (units.length - 1);
        units[slot] = unit;
        starts[slot] = start;
        state = terms.automaton().next(state, unit == Term.WORD_BEGINS ? unit : terms.same(unit));
    }

    private void found(int word) {
        for (int i = word; i >= 0; i = terms.others()[i]) {
            Term term = terms.terms().get(i);
            if (term.matchCase() && !isWritten(term)) {
                continue;
            }
            if (!term.endsWord()) {
                matches.add(term.rule(), start(term), lastEnd);
                continue;
            }
            if (waitingCount == waiting.length) {
                waiting = Arrays.copyOf(waiting, waitingCount * 2);
            }
            waiting[waitingCount++] = i;
        }
    }

    /** What follows the last unit is known. */
    private void decide(boolean wordGoesOn) {
        for (int i = 0; i < waitingCount && !wordGoesOn; i++) {
            Term term = terms.terms().get(waiting[i]);
            matches.add(term.rule(), start(term), lastEnd);
        }
        waitingCount = 0;
    }

    /** Where a word begins that ends with the last unit. */
    private long start(Term term) {
        int left = term.units().length;
        int slot = count;
        while (left > 0) {
            slot--;
            left -= units[slot & (units.length - 1)] == Term.WORD_BEGINS ? 0 : 1;
        }
        return starts[slot & (units.length - 1)];
    }

    private boolean isWritten(Term term) {
        int slot = count;
        for (int i = term.units().length - 1; i >= 0; i--) {
            do {
                slot--;
            } while (units[slot & (units.length - 1)] == Term.WORD_BEGINS);
            int unit = units[slot & (units.length - 1)];
            if (unit != term.units()[i]) {
                return false;
            }
        }
        return true;
    }
}
