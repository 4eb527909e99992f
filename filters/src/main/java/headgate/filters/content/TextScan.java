package headgate.filters.content;

/**
 * Looks for what is forbidden in one text after the other, as the text comes.
 *
 * <p>What it reads is the inside of JSON strings, as it stands: UTF-8, still escaped. A text may come in any number of
 * parts, split anywhere, also inside of a character or an escape; the strings of several events may make one text.
 * Offsets count bytes from the text's beginning, as they were read. Belongs to one event loop; used for one text after the other.
 */
public interface TextScan {
    /** Forgets the last text and its matches. */
    void begin();

    /** Reads on. */
    void read(byte[] bytes, int from, int to);

    /** The text is over: what waited for more is decided. */
    void end();

    /** How many bytes were read. */
    long offset();

    /** Below this offset nothing can become part of a match any more that is not one already. */
    long decided();

    /** How many matches were found so far; they are ordered by their starts, and overlapping ones of the same rule are one. */
    int matchCount();

    /** Where a match begins. */
    long matchStart(int i);

    /** Where a match is over. */
    long matchEnd(int i);

    /** What was found. */
    TextRule matchRule(int i);
}
