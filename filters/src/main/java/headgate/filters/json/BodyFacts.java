package headgate.filters.json;

/**
 * What the gates need to know of one body, collected from the grammar's events.
 *
 * <p>Values are told apart by their first byte, which in JSON says all: a quote, a brace, a bracket, a letter of a
 * literal, else a number.
 */
final class BodyFacts {
    private static final int STREAM_OPTIONS = TextRule.top(KnownName.STREAM_OPTIONS);
    private static final int INCLUDE_USAGE = TextRule.below(STREAM_OPTIONS, KnownName.INCLUDE_USAGE);

    final MemberSpans members = new MemberSpans();
    final ModelName model = new ModelName();
    final TextSpans texts;

    boolean stream;
    boolean streamKnown;
    StreamOptionsKind streamOptionsKind = StreamOptionsKind.ABSENT;
    long streamOptionsStart;
    long streamOptionsEnd;
    boolean streamOptionsEmpty;
    boolean includeUsage;
    long includeUsageStart;
    long includeUsageEnd;
    long maxTokens;
    long maxCompletionTokens;
    long maxOutputTokens;
    long choices;
    long bestOf;
    long objectStart;
    long objectEnd;

    /** Where the open member's value must be held back from, and otherwise what {@code settled} is between members. */
    private long boundary;

    private boolean inMember;
    private boolean heldBack;
    private boolean modelNamed;

    /** The texts from here on are of the message that is open. */
    private int messageTexts;

    private boolean systemMessage;

    BodyFacts(int textSpansMax) {
        this.texts = new TextSpans(textSpansMax);
        reset();
    }

    void reset() {
        members.reset();
        model.reset();
        texts.reset();
        stream = false;
        streamKnown = false;
        streamOptions(StreamOptionsKind.ABSENT, -1);
        maxTokens = -1;
        maxCompletionTokens = -1;
        maxOutputTokens = -1;
        choices = -1;
        bestOf = -1;
        objectStart = -1;
        objectEnd = -1;
        boundary = 0;
        inMember = false;
        heldBack = false;
        modelNamed = false;
        systemMessage = false;
    }

    /** See {@link JsonScanner#settled()}. */
    long settled(long offset) {
        return objectEnd >= 0 || (inMember && !heldBack) ? offset : boundary;
    }

    void bodyBegins(long offset) {
        objectStart = offset;
        boundary = offset + 1;
    }

    void bodyEnds(long offset) {
        objectEnd = offset;
    }

    /** A comma between two members: with which of them it is cut out is open until the next name is known. */
    void comma(long offset) {
        boundary = offset;
    }

    /** A top-level member's name is complete; returns the context of its value. */
    int member(long start, StringBytes bytes) throws JsonException {
        KnownName name = KnownName.find(bytes);
        if (name == KnownName.MODEL) {
            if (modelNamed) {
                throw new JsonException(start, "a second top-level \"model\", expected one");
            }
            modelNamed = true;
        }
        members.open(start, bytes);
        inMember = true;
        return TextRule.top(name);
    }

    /** A value begins directly in the top-level object. */
    void valueBegins(int context, byte first, long offset) throws JsonException {
        switch (TextRule.name(context)) {
            case MODEL -> {
                model.begin(first, offset);
                holdBack(offset);
            }
            case STREAM_OPTIONS -> {
                streamOptions(StreamOptionsKind.of(first), offset);
                holdBack(offset);
            }
            default -> {}
        }
    }

    /** A value ends directly in the top-level object. */
    void valueEnds(int context, byte first, StringBytes string, NumberToken number, long end) throws JsonException {
        members.close(end);
        boundary = end;
        inMember = false;
        heldBack = false;
        switch (TextRule.name(context)) {
            case MODEL -> model.end(first, string, end);
            case STREAM -> {
                stream = first == 't';
                streamKnown = true;
            }
            case STREAM_OPTIONS -> streamOptionsEnd = end;
            case MAX_TOKENS -> maxTokens = valueOf(first, number);
            case MAX_COMPLETION_TOKENS -> maxCompletionTokens = valueOf(first, number);
            case MAX_OUTPUT_TOKENS -> maxOutputTokens = valueOf(first, number);
            case N -> choices = valueOf(first, number);
            case BEST_OF -> bestOf = valueOf(first, number);
            default -> {}
        }
    }

    /** A value begins in an object or array that is itself a top-level member's value. */
    void innerValueBegins(int context, long offset) {
        if (streamOptionsStart >= 0 && streamOptionsEnd < 0) {
            streamOptionsEmpty = false;
        }
        if (context == INCLUDE_USAGE) {
            includeUsage = false;
            includeUsageStart = offset;
            includeUsageEnd = -1;
        }
        messageTexts = texts.count();
        systemMessage = false;
    }

    /** A value ends there. */
    void innerValueEnds(int context, byte first, long end) {
        if (context == INCLUDE_USAGE) {
            includeUsage = first == 't';
            includeUsageEnd = end;
        }
        if (systemMessage) {
            texts.rename(messageTexts, TextKind.SYSTEM);
        }
    }

    /** A message says who speaks; what it says may stand in front of that or behind. */
    void role(int context, StringBytes role) {
        TextKind kind = TextRule.kind(context);
        boolean spoken = kind == TextKind.MESSAGE || kind == TextKind.INPUT;
        systemMessage = spoken && (role.is("system") || role.is("developer"));
    }

    boolean isStreamOptions(int container) {
        return container == STREAM_OPTIONS;
    }

    private void holdBack(long offset) {
        heldBack = true;
        boundary = offset;
    }

    private void streamOptions(StreamOptionsKind kind, long start) {
        streamOptionsKind = kind;
        streamOptionsStart = start;
        streamOptionsEnd = -1;
        streamOptionsEmpty = true;
        includeUsage = false;
        includeUsageStart = -1;
        includeUsageEnd = -1;
    }

    private static long valueOf(byte first, NumberToken number) {
        return first == '-' || (first >= '0' && first <= '9') ? number.value() : -1;
    }
}
