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

    /** The text is over; what it says. */
    public String end() {
        reader.end();
        return text.toString();
    }
}
