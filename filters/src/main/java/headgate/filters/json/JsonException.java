package headgate.filters.json;

/**
 * A body that is refused: what was wrong, what was expected, at which byte.
 *
 * <p>It carries no stack trace, since hostile bodies must stay cheap to refuse.
 */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;

    JsonException(long offset, String message) {
        super(message, null, false, false);
        this.offset = offset;
    }

    static JsonException unexpected(long offset, int found, String expected) {
        return new JsonException(offset, "expected " + expected + ", found " + describe(found));
    }

    private static String describe(int found) {
        int value = found & 0xFF;
        return value > ' ' && value < 0x7F ? "'" + (char) value + "'" : String.format("0x%02X", value);
    }

    /** Where the byte stands that was found wrong; the body's length when bytes are missing. */
    public long offset() {
        return offset;
    }
}
