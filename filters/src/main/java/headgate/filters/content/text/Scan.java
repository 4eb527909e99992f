package headgate.filters.content.text;

/** Finds what one kind of rule looks for; what it finds goes to {@link Matches}. */
interface Scan {
    /** Forgets the last text. */
    void begin();

    /**
     * Reads on.
     *
     * @param offset of the byte at {@code from}, in the text
     */
    void read(byte[] bytes, int from, int to, long offset);

    /** The text is over. */
    void end();

    /**
     * Below this offset nothing can become part of a match any more that is not one already.
     *
     * @param offset behind what was read
     */
    long decided(long offset);
}
