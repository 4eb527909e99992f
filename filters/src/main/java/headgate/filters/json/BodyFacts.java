package headgate.filters.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the gates need to know of one body, collected from the grammar's events.
 *
 * <p>Values are told apart by their first byte, which in JSON says all: a quote, a brace, a bracket, a letter of a
 * literal, else a number.
 */
final class BodyFacts {
    private static final int MODEL = TextRule.top(KnownName.MODEL);
    private static final int STREAM_OPTIONS = TextRule.top(KnownName.STREAM_OPTIONS);
    private static final int INCLUDE_USAGE = TextRule.below(STREAM_OPTIONS, KnownName.INCLUDE_USAGE);

    private static final byte[] SYSTEM = "system".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEVELOPER = "developer".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TOOL = "tool".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FUNCTION = "function".getBytes(StandardCharsets.US_ASCII);

    final MemberSpans members = new MemberSpans();
    final ModelName model = new ModelName();
    final TextSpans texts;

    boolean stream;
    boolean streamKnown;

    /** The first byte of {@code stream_options}; 0 when absent. */
    byte streamOptionsFirst;

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
    /** Whether images, audio or files stand beside the texts. */
    boolean media;

    long objectStart;
    long objectEnd;

    /** Where the open member's value must be held back from, and otherwise what {@code settled} is between members. */
    private long boundary;

    private boolean inMember;
    private boolean heldBack;
    private boolean modelNamed;

    /** The texts from here on are of the message that is open. */
    private int messageTexts;

    /** Who says the message that is open; null for the caller and the model. */
    private @Nullable TextKind speaker;

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
        streamOptions((byte) 0, -1);
        maxTokens = -1;
        maxCompletionTokens = -1;
        maxOutputTokens = -1;
        choices = -1;
        bestOf = -1;
        media = false;
        objectStart = -1;
        objectEnd = -1;
        boundary = 0;
        inMember = false;
        heldBack = false;
        modelNamed = false;
        speaker = null;
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
    int member(long start, long end, byte[] bytes, int from, int to) throws JsonException {
        KnownName name = KnownName.find(bytes, from, to);
        if (name == KnownName.MODEL) {
            if (modelNamed) {
                throw new JsonException(start, "a second top-level \"model\", expected one");
            }
            modelNamed = true;
        }
        members.open(start, bytes, from, to, end - start - 2);
        inMember = true;
        return TextRule.top(name);
    }

    /** A value begins: directly in the top-level object at depth 1, in one of its values at depth 2. */
    void valueBegins(int depth, int context, byte first, long offset) throws JsonException {
        if (depth == 2) {
            if (inStreamOptions()) {
                streamOptionsEmpty = false;
            }
            messageTexts = texts.count();
            speaker = null;
            if (context == INCLUDE_USAGE && inStreamOptions()) {
                includeUsage = false;
                includeUsageStart = offset;
                includeUsageEnd = -1;
            }
        } else if (context == MODEL) {
            model.begin(first, offset);
            holdBack(offset);
        } else if (context == STREAM_OPTIONS) {
            streamOptions(first, offset);
            holdBack(offset);
        }
    }

    /** A value ends, at the depth where it began. */
    void valueEnds(int depth, int context, byte first, NumberToken number, long end) {
        if (depth == 1) {
            members.close(end);
            boundary = end;
            inMember = false;
            heldBack = false;
            fact(TextRule.name(context), first, number, end);
            return;
        }
        if (context == INCLUDE_USAGE && inStreamOptions()) {
            includeUsage = first == 't';
            includeUsageEnd = end;
        }
        if (speaker != null) {
            texts.areSaidBy(speaker, messageTexts);
        }
    }

    private void fact(KnownName name, byte first, NumberToken number, long end) {
        switch (name) {
            case MODEL -> model.end = end;
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

    /** What a string says, where that was to be read: a model's name, or a message's role. */
    void stringIs(int depth, int context, byte[] bytes, int from, int to) throws JsonException {
        if (depth == 1) {
            model.is(bytes, from, to);
        } else {
            role(context, bytes, from, to);
        }
    }

    /** A message says who speaks; what it says may stand in front of that or behind. */
    private void role(int context, byte[] bytes, int from, int to) {
        TextKind kind = TextRule.kind(context);
        boolean spoken = kind == TextKind.MESSAGE || kind == TextKind.INPUT;
        if (!spoken) {
            speaker = null;
        } else if (is(SYSTEM, bytes, from, to) || is(DEVELOPER, bytes, from, to)) {
            speaker = TextKind.SYSTEM;
        } else {
            speaker = is(TOOL, bytes, from, to) || is(FUNCTION, bytes, from, to) ? TextKind.TOOL : null;
        }
    }

    private static boolean is(byte[] word, byte[] bytes, int from, int to) {
        return Arrays.equals(word, 0, word.length, bytes, from, to);
    }

    boolean isModel(int context) {
        return context == MODEL;
    }

    boolean isStreamOptions(int container) {
        return container == STREAM_OPTIONS;
    }

    /** What stands in an array of that name at the top has the same context. */
    private boolean inStreamOptions() {
        return streamOptionsStart >= 0 && streamOptionsEnd < 0;
    }

    private void holdBack(long offset) {
        heldBack = true;
        boundary = offset;
    }

    private void streamOptions(byte first, long start) {
        streamOptionsFirst = first;
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
