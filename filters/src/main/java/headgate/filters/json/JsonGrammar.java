package headgate.filters.json;

import static headgate.filters.json.Expected.*;

/**
 * RFC 8259 as a machine that may be stopped at any byte.
 *
 * <p>It checks, and tells {@link BodyFacts} what it passes. Between two bytes all it knows is what it expects next and
 * the context of every open container. Methods that take a token's first byte at {@code i} return the index to go on at.
 */
final class JsonGrammar {
    /** Beside a context: the open container is an object. */
    private static final int OBJECT = 1 << 30;

    private static final int MESSAGE_DEPTH = 3;

    /** Leaves room for arithmetic. */
    private static final long FAR_AWAY = Long.MAX_VALUE / 2;

    private final BodyFacts facts;
    private final ScanWindow window;
    private final StringToken string = new StringToken();
    private final HeldString held = new HeldString();
    private final NumberToken number = new NumberToken();
    private final int[] containers;

    private int depth;
    private int expected;

    /** Of the value that comes next or is being read. */
    private int context;

    private byte first;
    private int literalLength;
    private long stringStart;

    /** A string must end in front of this offset. */
    private long stringEndMax;

    /** What a string says is looked at if its quote stands in front of this offset. */
    private long readUntil;

    private boolean stringIsText;

    JsonGrammar(BodyFacts facts, int depthMax, ScanWindow window) {
        this.facts = facts;
        this.window = window;
        this.containers = new int[depthMax + 1];
    }

    void reset() {
        depth = 0;
        context = 0;
        expected = BODY;
    }

    void end(long offset) throws JsonException {
        if (expected != NOTHING) {
            throw Expected.missing(expected, offset);
        }
    }

    /** Reads the window up to {@code to}; its first byte is the body's at {@code base}. */
    void scan(int to, long base) throws JsonException {
        byte[] bytes = window.bytes;
        int i = 0;
        if (expected >= REST_OF_NAME) {
            i = rest(bytes, i, to, base);
        }
        while (i < to) {
            byte b = bytes[i];
            if (b <= ' ' && (b == ' ' || b == '\n' || b == '\r' || b == '\t')) {
                i++;
            } else {
                i = token(b, bytes, i, to, base);
            }
        }
    }

    private int rest(byte[] bytes, int from, int to, long base) throws JsonException {
        return switch (expected) {
            case REST_OF_NAME, REST_OF_STRING -> string(bytes, from, to, base);
            case REST_OF_NUMBER -> number(bytes, from, to, base);
            case REST_OF_TRUE -> literal("true", bytes, from, to, base);
            case REST_OF_FALSE -> literal("false", bytes, from, to, base);
            default -> literal("null", bytes, from, to, base);
        };
    }

    private int token(byte b, byte[] bytes, int i, int to, long base) throws JsonException {
        return switch (expected) {
            case VALUE -> value(b, bytes, i, to, base);
            case VALUE_OR_BRACKET -> b == ']' ? close(base + i, i) : value(b, bytes, i, to, base);
            case NAME -> name(b, bytes, i, to, base);
            case NAME_OR_BRACE -> b == '}' ? close(base + i, i) : name(b, bytes, i, to, base);
            case COLON -> colon(b, base + i, i);
            case COMMA_OR_BRACE -> commaOr('}', NAME, b, base + i, i);
            case COMMA_OR_BRACKET -> commaOr(']', VALUE, b, base + i, i);
            default -> body(b, base + i, i);
        };
    }

    private int body(byte b, long offset, int i) throws JsonException {
        require(b == '{' && expected == BODY, b, offset);
        facts.bodyBegins(offset);
        return open(b, offset, i);
    }

    private int colon(byte b, long offset, int i) throws JsonException {
        require(b == ':', b, offset);
        expected = VALUE;
        return i + 1;
    }

    private int commaOr(char end, int next, byte b, long offset, int i) throws JsonException {
        if (b != ',') {
            require(b == end, b, offset);
            return close(offset, i);
        }
        expected = next;
        if (depth == 1) {
            facts.comma(offset);
        }
        return i + 1;
    }

    private int value(byte b, byte[] bytes, int i, int to, long base) throws JsonException {
        int rest = restOf(b);
        require(rest != NOTHING, b, base + i);
        if (depth <= 2) {
            facts.valueBegins(depth, context, b, base + i);
        }
        first = b;
        if (rest == VALUE) {
            return open(b, base + i, i);
        }
        expected = rest;
        if (rest == REST_OF_STRING) {
            stringBegins(base + i);
        } else if (rest == REST_OF_NUMBER) {
            number.begin(b);
        }
        literalLength = 1;
        return rest(bytes, i + 1, to, base);
    }

    private void valueEnds(long end) {
        expected = (containers[depth] & OBJECT) != 0 ? COMMA_OR_BRACE : COMMA_OR_BRACKET;
        if (depth <= 2) {
            facts.valueEnds(depth, context, first, number, end);
        }
    }

    private int open(byte b, long offset, int i) throws JsonException {
        if (depth == containers.length - 1) {
            throw new JsonException(offset, "nested deeper than " + depth + " levels, expected fewer");
        }
        depth++;
        containers[depth] = b == '{' ? context | OBJECT : context;
        expected = b == '{' ? NAME_OR_BRACE : VALUE_OR_BRACKET;
        return i + 1;
    }

    private int close(long offset, int i) {
        context = containers[depth] & ~OBJECT;
        first = '{';
        depth--;
        if (depth == 0) {
            facts.bodyEnds(offset);
            expected = NOTHING;
        } else {
            valueEnds(offset + 1);
        }
        return i + 1;
    }

    private int name(byte b, byte[] bytes, int i, int to, long base) throws JsonException {
        require(b == '"', b, base + i);
        nameBegins(base + i);
        return string(bytes, i + 1, to, base);
    }

    private void nameBegins(long offset) throws JsonException {
        int container = containers[depth] & ~OBJECT;
        stringEndMax = FAR_AWAY;
        if (depth == 1) {
            stringEndMax = offset + 2 + facts.members.requireRoom(offset);
            readUntil = FAR_AWAY;
        } else {
            readUntil = TextRule.namesMatter(container) || (depth == 2 && facts.isStreamOptions(container))
                    ? offset + 2 + KnownName.LENGTH_MAX
                    : 0;
        }
        expected = REST_OF_NAME;
        stringOpens(TextRule.nameIsText(container), container, offset);
    }

    private void nameEnds(boolean read, long end, byte[] bytes, int from, int to) throws JsonException {
        if (depth == 1) {
            context = facts.member(stringStart, end, bytes, from, to);
        } else {
            KnownName name = read ? KnownName.find(bytes, from, to) : KnownName.OTHER;
            context = TextRule.below(containers[depth] & ~OBJECT, name);
            facts.media |= TextRule.isMedia(context);
        }
        expected = COLON;
    }

    private void stringBegins(long offset) throws JsonException {
        stringEndMax = FAR_AWAY;
        readUntil = 0;
        if (depth == 1 && facts.isModel(context)) {
            stringEndMax = offset + 2 + ModelName.BYTES_WRITTEN_MAX;
            readUntil = FAR_AWAY;
        } else if (depth == MESSAGE_DEPTH && TextRule.isRole(context)) {
            readUntil = offset + 2 + KnownName.LENGTH_MAX;
        }
        stringOpens(TextRule.stringIsText(context), context, offset);
    }

    private void stringOpens(boolean isText, int textContext, long offset) throws JsonException {
        stringStart = offset;
        string.begin();
        held.clear();
        stringIsText = isText;
        if (isText) {
            facts.texts.open(textContext, offset + 1);
        }
    }

    private int string(byte[] bytes, int from, int to, long base) throws JsonException {
        int stop = (int) Math.min(to, stringEndMax - base);
        int end = string.scan(window, from, stop, base);
        boolean read = base + end < readUntil;
        if (end == stop) {
            if (base + stop == stringEndMax) {
                String what = expected == REST_OF_NAME ? MemberSpans.NAMES_TOO_LONG : ModelName.TOO_LONG;
                throw new JsonException(base + stop - 1, what);
            }
            if (read) {
                held.add(bytes, from, to);
            }
            return to;
        }
        if (stringIsText) {
            facts.texts.close(base + end, string.surplus());
        }
        if (!read || (held.isEmpty() && !string.escaped())) {
            stringEnds(read, base + end + 1, bytes, from, end);
        } else {
            held.add(bytes, from, end);
            if (string.escaped()) {
                held.unescape();
            }
            stringEnds(true, base + end + 1, held.bytes(), 0, held.length());
        }
        return end + 1;
    }

    private void stringEnds(boolean read, long end, byte[] bytes, int from, int to) throws JsonException {
        if (expected == REST_OF_NAME) {
            nameEnds(read, end, bytes, from, to);
            return;
        }
        if (read) {
            facts.stringIs(depth, context, bytes, from, to);
        }
        valueEnds(end);
    }

    private int number(byte[] bytes, int from, int to, long base) throws JsonException {
        int end = number.scan(bytes, from, to, base);
        if (end < to) {
            if (TextRule.numberIsToken(context)) {
                facts.texts.number();
            }
            valueEnds(base + end);
        }
        return end;
    }

    private int literal(String word, byte[] bytes, int from, int to, long base) throws JsonException {
        for (int i = from; i < to; i++) {
            require(bytes[i] == word.charAt(literalLength), bytes[i], base + i);
            literalLength++;
            if (literalLength == word.length()) {
                valueEnds(base + i + 1);
                return i + 1;
            }
        }
        return to;
    }

    private void require(boolean right, byte b, long offset) throws JsonException {
        if (!right) {
            throw Expected.butFound(expected, b, offset);
        }
    }
}
