package headgate.filters.json;

/**
 * Decides which strings are texts that a model would read: all but those that are known to be something else.
 *
 * <p>Every place in a body has a context, an int: the nearest member name above it, the kind of the texts there, and
 * what else is inherited. A string is excepted by its nearest name, and only in the places where that name has its meaning; an
 * object under an excepted name hides nothing.
 */
@SuppressWarnings("EnumOrdinal") // Contexts are ints, since one is made for every member and must cost nothing.
final class TextRule {
    private static final int NAME_SHIFT = 9;
    /** The kind's ordinal plus one; 0 is no text. */
    private static final int KIND = 0x0F;
    /** Below what defines tools or the answer's form. */
    private static final int DEFINES = 0x10;
    /** Member names are texts too. */
    private static final int NAMES = 0x20;
    /** Strings are no texts here, but may be further below. */
    private static final int SILENT = 0x40;
    /** No name has a meaning here or below: callers, models and unknown upstreams choose them. */
    private static final int FREE = 0x80;
    /** Places and keys of what is searched, and a text among them. */
    private static final int SOURCES = 0x100;

    private static final int INHERITED = KIND | DEFINES | NAMES | FREE | SOURCES;

    private static final KnownName[] NAMES_KNOWN = KnownName.values();
    private static final int ROLE = KnownName.ROLE.ordinal();
    private static final TextKind[] KINDS = TextKind.values();

    private TextRule() {}

    /** The context of a top-level member's value. */
    static int top(KnownName name) {
        int text = switch (name) {
            case MESSAGES, PREDICTION -> text(TextKind.MESSAGE);
            case SYSTEM -> text(TextKind.SYSTEM);
            case PROMPT, SUFFIX -> text(TextKind.PROMPT);
            case INPUT -> text(TextKind.INPUT);
            case INSTRUCTIONS -> text(TextKind.INSTRUCTIONS);
            case TOOLS, FUNCTIONS, RESPONSE_FORMAT, TEXT, TOOL_CHOICE, FUNCTION_CALL -> text(TextKind.TOOL) | DEFINES;
            case DOCUMENTS -> text(TextKind.TOOL) | FREE;
            case DATA_SOURCES -> SOURCES;
            case MODEL,
                    STREAM,
                    STREAM_OPTIONS,
                    ID_OF_SOMETHING,
                    USER,
                    METADATA,
                    SERVICE_TIER,
                    SAFETY_IDENTIFIER,
                    PROMPT_CACHE_KEY,
                    PROMPT_CACHE_RETENTION,
                    REASONING,
                    REASONING_EFFORT,
                    VERBOSITY,
                    TRUNCATION,
                    STOP,
                    MODALITIES,
                    AUDIO,
                    INCLUDE,
                    CONVERSATION,
                    LOGIT_BIAS,
                    ENCODING_FORMAT,
                    VOICE,
                    SIZE,
                    QUALITY,
                    BACKGROUND,
                    MODERATION,
                    OUTPUT_FORMAT,
                    STREAM_FORMAT,
                    INPUT_TYPE -> 0;
            default -> text(TextKind.INSTRUCTIONS) | FREE | NAMES;
        };
        return name.ordinal() << NAME_SHIFT | text;
    }

    /** The context of a member's value in an object whose own context is {@code outer}. */
    static int below(int outer, KnownName name) {
        int inner = name.ordinal() << NAME_SHIFT | (outer & INHERITED);
        if ((outer & (FREE | SOURCES)) != 0) {
            return (outer & SOURCES) != 0 && name == KnownName.ROLE_INFORMATION
                    ? text(TextKind.INSTRUCTIONS) | FREE
                    : outer & INHERITED;
        }
        if ((outer & KIND) == 0) {
            return inner;
        }
        return (outer & DEFINES) != 0 ? inner | defining(name) : spoken(inner, name(outer), name);
    }

    private static int defining(KnownName name) {
        return switch (name) {
            case TYPE -> SILENT;
            case PARAMETERS, SCHEMA, PROPERTIES -> NAMES;
            default -> 0;
        };
    }

    private static int spoken(int inner, KnownName outer, KnownName name) {
        boolean silent = switch (name) {
            case TYPE, IMAGE_URL, FILE_DATA -> outer != KnownName.VARIABLES;
            case ID, ID_OF_SOMETHING -> outer != KnownName.VARIABLES && outer != KnownName.OUTPUT;
            case STATUS, ENCRYPTED_CONTENT -> outer == KnownName.INPUT || outer == KnownName.MESSAGES;
            case URL -> outer == KnownName.IMAGE_URL || outer == KnownName.VIDEO_URL || outer == KnownName.AUDIO_URL;
            case DETAIL -> outer == KnownName.IMAGE_URL || outer == KnownName.CONTENT || outer == KnownName.OUTPUT;
            case DATA, FORMAT -> outer == KnownName.INPUT_AUDIO || outer == KnownName.SOURCE;
            default -> false;
        };
        if (name == KnownName.ROLE && outer == KnownName.VARIABLES) {
            return inner & INHERITED;
        }
        return switch (name) {
            case TOOL_CALLS, FUNCTION_CALL, OUTPUT -> (inner & ~KIND) | text(TextKind.TOOL);
            case ARGUMENTS -> (inner & ~KIND) | text(TextKind.TOOL) | FREE | NAMES;
            default -> silent ? inner | SILENT : inner;
        };
    }

    static KnownName name(int context) {
        return NAMES_KNOWN[context >> NAME_SHIFT];
    }

    /** Of what a text is a part. */
    static TextKind kind(int context) {
        return KINDS[(context & KIND) - 1];
    }

    /** Whether a text says who speaks. */
    static boolean isSpeaker(int context) {
        return isRole(context) && (context & (DEFINES | FREE)) == 0;
    }

    /** The same text, if it turns out to be said by the system or a tool. */
    static int saidBy(TextKind speaker, int context) {
        return kind(context) == TextKind.TOOL ? context : (context & ~KIND) | text(speaker);
    }

    static boolean stringIsText(int context) {
        return (context & KIND) != 0 && (context & SILENT) == 0;
    }

    /** Images, audio and files, which stand beside texts. */
    static boolean isMedia(int context) {
        return (context & SILENT) != 0
                && switch (name(context)) {
                    case IMAGE_URL, URL, DATA, FILE_DATA -> true;
                    default -> false;
                };
    }

    /** Prompts may come as arrays of token numbers. */
    static boolean numberIsToken(int context) {
        return (context & KIND) == text(TextKind.PROMPT) || (context & KIND) == text(TextKind.INPUT);
    }

    static boolean isRole(int context) {
        return (context & KIND) != 0 && context >> NAME_SHIFT == ROLE;
    }

    static boolean nameIsText(int context) {
        return (context & NAMES) != 0;
    }

    /** Whether the names of members below can change anything. */
    static boolean namesMatter(int context) {
        return (context & (KIND | SOURCES)) != 0;
    }

    private static int text(TextKind kind) {
        return kind.ordinal() + 1;
    }
}
