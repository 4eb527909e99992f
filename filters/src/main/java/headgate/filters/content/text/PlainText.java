package headgate.filters.content.text;

/** The characters of a text that comes in parts, still escaped. */
public final class PlainText {
    private final StringBuilder text = new StringBuilder();
    private final CharacterReader reader =
            new CharacterReader((codePoint, start, end) -> text.appendCodePoint(codePoint));

    /** A text that has not begun. */
    public PlainText() {}

    /** Forgets the last text. */
    public void begin() {
        text.setLength(0);
        reader.begin();
    }

    /** Reads on; the part may end inside of a character or an escape. */
    public void read(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            reader.read(bytes[i], i);
        }
    }

    /** How many characters were read since it began, or since they were taken. */
    public int length() {
        return text.length();
    }

    /** What it says so far, which is forgotten; half a character waits for the rest. */
    public String take() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }

    /** The text is over; what it says. */
    public String end() {
        reader.end();
        return text.toString();
    }
}
