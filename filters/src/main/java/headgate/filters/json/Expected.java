package headgate.filters.json;

/** What may come next in a body. */
enum Expected {
    BODY("'{', as the body must be an object"),
    VALUE("a value"),
    VALUE_OR_BRACKET("a value or ']'"),
    NAME("a member's name in quotes"),
    NAME_OR_BRACE("a member's name in quotes or '}'"),
    COLON("':' behind a member's name"),
    COMMA_OR_BRACE("',' or '}'"),
    COMMA_OR_BRACKET("',' or ']'"),
    NOTHING("nothing behind the body's '}'"),
    REST_OF_NAME("the rest of a member's name"),
    REST_OF_STRING("the rest of a string"),
    REST_OF_NUMBER("the rest of a number"),
    REST_OF_TRUE("the rest of true"),
    REST_OF_FALSE("the rest of false"),
    REST_OF_NULL("the rest of null");

    private static final String NOT_WIDE = " (in UTF-8, not UTF-16 or UTF-32)";
    private static final String NO_MARK = " (in UTF-8, without a byte order mark)";

    private final String words;

    Expected(String words) {
        this.words = words;
    }

    /** The body ends here, too early. */
    JsonException missing(long offset) {
        String what = this == BODY ? "the body is empty" : "the body ends too early";
        return new JsonException(offset, what + ", expected " + words);
    }

    /** Another byte was found; at the body's begin it may show that this is not UTF-8 at all. */
    JsonException butFound(byte b, long offset) {
        return JsonException.unexpected(offset, b, words + encoding(b));
    }

    private String encoding(byte b) {
        if (this == BODY && b == (byte) 0xEF) {
            return NO_MARK;
        }
        boolean wide = this == BODY && (b == (byte) 0xFE || b == (byte) 0xFF);
        return wide || b == 0 ? NOT_WIDE : "";
    }
}
