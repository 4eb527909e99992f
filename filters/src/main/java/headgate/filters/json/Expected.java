package headgate.filters.json;

/**
 * What may come next in a body.
 *
 * <p>Numbers, not an enum: they are stored several times per token, and to store a reference into an object that has
 * grown old costs a memory fence.
 */
final class Expected {
    static final int BODY = 0;
    static final int VALUE = 1;
    static final int VALUE_OR_BRACKET = 2;
    static final int NAME = 3;
    static final int NAME_OR_BRACE = 4;
    static final int COLON = 5;
    static final int COMMA_OR_BRACE = 6;
    static final int COMMA_OR_BRACKET = 7;
    static final int NOTHING = 8;
    static final int REST_OF_NAME = 9;
    static final int REST_OF_STRING = 10;
    static final int REST_OF_NUMBER = 11;
    static final int REST_OF_TRUE = 12;
    static final int REST_OF_FALSE = 13;
    static final int REST_OF_NULL = 14;

    private Expected() {}

    /** What follows the first byte of a value: {@code VALUE} in a container, {@code NOTHING} if none begins so. */
    static int restOf(byte b) {
        return switch (b) {
            case '"' -> REST_OF_STRING;
            case '{', '[' -> VALUE;
            case 't' -> REST_OF_TRUE;
            case 'f' -> REST_OF_FALSE;
            case 'n' -> REST_OF_NULL;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> REST_OF_NUMBER;
            default -> NOTHING;
        };
    }

    /** The body ends here, too early. */
    static JsonException missing(int expected, long offset) {
        String what = expected == BODY ? "the body is empty" : "the body ends too early";
        return new JsonException(offset, what + ", expected " + words(expected));
    }

    /** Another byte was found; at the body's begin it may show that this is not UTF-8 at all. */
    static JsonException butFound(int expected, byte b, long offset) {
        return JsonException.unexpected(offset, b, words(expected) + encoding(expected, b));
    }

    private static String encoding(int expected, byte b) {
        if (expected == BODY && b == (byte) 0xEF) {
            return " (in UTF-8, without a byte order mark)";
        }
        boolean wide = expected == BODY && (b == (byte) 0xFE || b == (byte) 0xFF);
        return wide || b == 0 ? " (in UTF-8, not UTF-16 or UTF-32)" : "";
    }

    private static String words(int expected) {
        return switch (expected) {
            case BODY -> "'{', as the body must be an object";
            case VALUE -> "a value";
            case VALUE_OR_BRACKET -> "a value or ']'";
            case NAME -> "a member's name in quotes";
            case NAME_OR_BRACE -> "a member's name in quotes or '}'";
            case COLON -> "':' behind a member's name";
            case COMMA_OR_BRACE -> "',' or '}'";
            case COMMA_OR_BRACKET -> "',' or ']'";
            case REST_OF_NAME -> "the rest of a member's name";
            case REST_OF_STRING -> "the rest of a string";
            case REST_OF_NUMBER -> "the rest of a number";
            case REST_OF_TRUE -> "the rest of true";
            case REST_OF_FALSE -> "the rest of false";
            case REST_OF_NULL -> "the rest of null";
            default -> "nothing behind the body's '}'";
        };
    }
}
