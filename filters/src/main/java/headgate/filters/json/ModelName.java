package headgate.filters.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The model that a body asks for. */
final class ModelName {
    static final int BYTES_MAX = 256;

    /** An escape writes one byte as six at most. */
    static final int BYTES_WRITTEN_MAX = 6 * BYTES_MAX;

    static final String TOO_LONG = "the model's name is longer than " + BYTES_MAX + " bytes, expected a shorter one";

    private final byte[] bytes = new byte[BYTES_MAX];
    private int length;
    private @Nullable String text;
    private boolean given;
    long start;
    long end;

    void reset() {
        given = false;
        start = -1;
        end = -1;
    }

    void begin(byte first, long offset) throws JsonException {
        if (first != '"' && first != 'n') {
            throw JsonException.unexpected(offset, first, "a string as model");
        }
        start = offset;
    }

    /** The name, without quotes and escapes. */
    void is(byte[] name, int from, int to) throws JsonException {
        if (to - from > BYTES_MAX) {
            throw new JsonException(start, TOO_LONG);
        }
        given = true;
        // The next body mostly asks for the same model: its name is not built again.
        if (!Arrays.equals(name, from, to, bytes, 0, length)) {
            length = to - from;
            System.arraycopy(name, from, bytes, 0, length);
            text = null;
        }
    }

    boolean given() {
        return given;
    }

    @Nullable
    String text() {
        if (!given) {
            return null;
        }
        if (text == null) {
            text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
        return text;
    }
}
