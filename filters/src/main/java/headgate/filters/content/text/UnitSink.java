package headgate.filters.content.text;

/** Told of each unit of normalised text. */
interface UnitSink {
    /**
     * A unit: a character, or a space in the place of all white space that stood there.
     *
     * @param start where it begins in the bytes
     * @param end where it is over
     */
    void unit(int codePoint, long start, long end);
}
