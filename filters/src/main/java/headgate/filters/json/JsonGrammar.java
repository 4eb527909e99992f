package headgate.filters.json;

/**
 * RFC 8259 as a machine that may be stopped at any byte.
 *
 * <p>It checks, and tells {@link BodyFacts} what it passes. Between two bytes all it knows is what it expects next and
 * the context of every open container.
 */
final class JsonGrammar {
    private static final String TRUE = "true";
    private static final String FALSE = "false";
    private static final String NULL = "null";

    /** Beside a context: the open container is an object. */
    private static final int OBJECT = 1 << 30;

    private static final int MESSAGE_DEPTH = 3;

    private final BodyFacts facts;
    private final StringToken string = new StringToken();
    private final StringBytes stringBytes = new StringBytes();
    private final NumberToken number = new NumberToken();
    private final int[] containers;

    private int depth;
    private Expected expected = Expected.BODY;

    /** Of the value that comes next or is being read. */
    private int context;

    private byte first;
    private long tokenStart;

    /** A string that ends behind this offset is not looked into. */
    private long keepUntil;

    private boolean stringIsText;
    private String literal = TRUE;
    private int literalLength;

    JsonGrammar(BodyFacts facts, int depthMax) {
        this.facts = facts;
        this.containers = new int[depthMax + 1];
    }

    void reset() {
        depth = 0;
        expected = Expected.BODY;
    }

    void scan(byte[] bytes, int from, int to, long base) throws JsonException {
        int i = from;
        while (i < to) {
            switch (expected) {
                case REST_OF_NAME, REST_OF_STRING -> i = string(bytes, i, to, base);
                case REST_OF_NUMBER -> i = number(bytes, i, to, base);
                case REST_OF_TRUE, REST_OF_FALSE, REST_OF_NULL -> literal(bytes[i], base + i++);
                default -> {
                    byte b = bytes[i];
                    if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                        mark(b, base + i);
                    }
                    i++;
                }
            }
        }
    }

    void end(long offset) throws JsonException {
        if (expected != Expected.NOTHING) {
            throw expected.missing(offset);
        }
    }

    /** A byte between tokens, or the first byte of one. */
    private void mark(byte b, long offset) throws JsonException {
        switch (expected) {
            case BODY -> {
                require(b == '{', b, offset);
                facts.bodyBegins(offset);
                open(b, offset);
            }
            case VALUE -> value(b, offset);
            case VALUE_OR_BRACKET -> {
                if (b == ']') {
                    close(offset);
                } else {
                    value(b, offset);
                }
            }
            case NAME, NAME_OR_BRACE -> {
                if (b == '}' && expected == Expected.NAME_OR_BRACE) {
                    close(offset);
                } else {
                    require(b == '"', b, offset);
                    nameBegins(offset);
                }
            }
            case COLON -> {
                require(b == ':', b, offset);
                expected = Expected.VALUE;
            }
            case COMMA_OR_BRACE -> commaOr('}', Expected.NAME, b, offset);
            case COMMA_OR_BRACKET -> commaOr(']', Expected.VALUE, b, offset);
            default -> throw expected.butFound(b, offset);
        }
    }

    private void commaOr(char end, Expected next, byte b, long offset) throws JsonException {
        if (b != ',') {
            require(b == end, b, offset);
            close(offset);
            return;
        }
        expected = next;
        if (depth == 1) {
            facts.comma(offset);
        }
    }

    private void value(byte b, long offset) throws JsonException {
        switch (b) {
            case '"', '{', '[', 't', 'f', 'n', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {}
            default -> throw expected.butFound(b, offset);
        }
        if (depth == 1) {
            facts.valueBegins(context, b, offset);
        } else if (depth == 2) {
            facts.innerValueBegins(context, offset);
        }
        first = b;
        switch (b) {
            case '"' -> stringBegins(offset);
            case '{', '[' -> open(b, offset);
            case 't' -> literalBegins(TRUE, Expected.REST_OF_TRUE);
            case 'f' -> literalBegins(FALSE, Expected.REST_OF_FALSE);
            case 'n' -> literalBegins(NULL, Expected.REST_OF_NULL);
            default -> {
                number.begin(b);
                expected = Expected.REST_OF_NUMBER;
            }
        }
    }

    private void valueEnds(long end) throws JsonException {
        expected = (containers[depth] & OBJECT) != 0 ? Expected.COMMA_OR_BRACE : Expected.COMMA_OR_BRACKET;
        if (depth == 1) {
            facts.valueEnds(context, first, stringBytes, number, end);
        } else if (depth == 2) {
            facts.innerValueEnds(context, first, end);
        }
    }

    private void open(byte b, long offset) throws JsonException {
        if (depth == containers.length - 1) {
            throw new JsonException(offset, "nested deeper than " + depth + " levels, expected fewer");
        }
        depth++;
        containers[depth] = b == '{' ? context | OBJECT : context;
        expected = b == '{' ? Expected.NAME_OR_BRACE : Expected.VALUE_OR_BRACKET;
    }

    private void close(long offset) throws JsonException {
        context = containers[depth] & ~OBJECT;
        first = '{';
        depth--;
        if (depth == 0) {
            facts.bodyEnds(offset);
            expected = Expected.NOTHING;
        } else {
            valueEnds(offset + 1);
        }
    }

    private void nameBegins(long offset) throws JsonException {
        int container = containers[depth] & ~OBJECT;
        if (depth == 1) {
            facts.members.requireRoom(offset);
            string.begin(offset + 1 + facts.members.nameRoom(), MemberSpans.NAMES_TOO_LONG);
            keepUntil = Long.MAX_VALUE;
        } else {
            string.begin();
            boolean matters = TextRule.namesMatter(container) || (depth == 2 && facts.isStreamOptions(container));
            keepUntil = matters ? offset + 1 + KnownName.LENGTH_MAX : -1;
        }
        stringOpens(TextRule.nameIsText(container), container, offset);
        expected = Expected.REST_OF_NAME;
    }

    private void nameEnds(boolean kept) throws JsonException {
        if (depth == 1) {
            context = facts.member(tokenStart, stringBytes);
        } else {
            KnownName name = kept ? KnownName.find(stringBytes) : KnownName.OTHER;
            context = TextRule.below(containers[depth] & ~OBJECT, name);
        }
        expected = Expected.COLON;
    }

    private void stringBegins(long offset) throws JsonException {
        keepUntil = -1;
        if (depth == 1 && TextRule.name(context) == KnownName.MODEL) {
            string.begin(offset + 1 + ModelName.BYTES_WRITTEN_MAX, ModelName.TOO_LONG);
            keepUntil = Long.MAX_VALUE;
        } else {
            string.begin();
            if (depth == MESSAGE_DEPTH && TextRule.name(context) == KnownName.ROLE) {
                keepUntil = offset + 1 + KnownName.LENGTH_MAX;
            }
        }
        stringOpens(TextRule.stringIsText(context), context, offset);
        expected = Expected.REST_OF_STRING;
    }

    private void stringOpens(boolean isText, int textContext, long offset) throws JsonException {
        tokenStart = offset;
        stringBytes.begin();
        stringIsText = isText;
        if (isText) {
            facts.texts.open(TextRule.kind(textContext), offset + 1);
        }
    }

    private int string(byte[] bytes, int from, int to, long base) throws JsonException {
        int end = string.scan(bytes, from, to, base);
        boolean kept = base + end <= keepUntil;
        if (end == to) {
            if (kept) {
                stringBytes.keep(bytes, from, to);
            }
            return to;
        }
        if (kept) {
            stringBytes.end(bytes, from, end, string.escaped());
        }
        if (stringIsText) {
            facts.texts.close(base + end);
        }
        if (expected == Expected.REST_OF_NAME) {
            nameEnds(kept);
        } else {
            if (kept && depth == MESSAGE_DEPTH) {
                facts.role(context, stringBytes);
            }
            valueEnds(base + end + 1);
        }
        return end + 1;
    }

    private int number(byte[] bytes, int from, int to, long base) throws JsonException {
        int end = number.scan(bytes, from, to, base);
        if (end < to) {
            valueEnds(base + end);
        }
        return end;
    }

    private void literalBegins(String word, Expected rest) {
        literal = word;
        literalLength = 1;
        expected = rest;
    }

    private void literal(byte b, long offset) throws JsonException {
        require(b == literal.charAt(literalLength), b, offset);
        literalLength++;
        if (literalLength == literal.length()) {
            valueEnds(offset + 1);
        }
    }

    private void require(boolean right, byte b, long offset) throws JsonException {
        if (!right) {
            throw expected.butFound(b, offset);
        }
    }
}
