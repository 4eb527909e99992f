package headgate.filters.json;

/**
 * Decides which strings are texts that a model would read.
 *
 * <p>Every place in a body has a context, an int: the nearest member name above it, the kind of the texts there, and
 * what else is inherited. A string is excepted by its nearest name only, so an object under an excepted name hides
 * nothing: where a text might be read, it counts.
 */
@SuppressWarnings("EnumOrdinal") // Contexts are ints, since one is made for every member and must cost nothing.
final class TextRule {
    private static final int NAME_SHIFT = 8;
    /** The kind's ordinal plus one; 0 is no text. */
    private static final int KIND = 0x0F;
    /** Below what defines tools or the answer's form. */
    private static final int DEFINES = 0x10;
    /** Member names are texts too. */
    private static final int NAMES = 0x20;
    /** Strings are no texts here, but may be further below. */
    private static final int SILENT = 0x40;

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
            case TOOLS, FUNCTIONS, RESPONSE_FORMAT, TEXT, TOOL_CHOICE -> text(TextKind.TOOL) | DEFINES;
            default -> 0;
        };
        return name.ordinal() << NAME_SHIFT | text;
    }

    /** The context of a member's value in an object whose own context is {@code outer}. */
    static int below(int outer, KnownName name) {
        int text = outer & (KIND | DEFINES | NAMES);
        int inner = name.ordinal() << NAME_SHIFT | text;
        if (text == 0) {
            return inner;
        }
        return (outer & DEFINES) != 0 ? inner | defining(name) : spoken(inner, name);
    }

    private static int defining(KnownName name) {
        return switch (name) {
            case TYPE -> SILENT;
            case PARAMETERS, SCHEMA, PROPERTIES -> NAMES;
            default -> 0;
        };
    }

    private static int spoken(int inner, KnownName name) {
        return switch (name) {
            case TOOL_CALLS, FUNCTION_CALL, ARGUMENTS, OUTPUT -> (inner & ~KIND) | text(TextKind.TOOL);
            case TYPE,
                    ROLE,
                    ID,
                    ID_OF_SOMETHING,
                    URL,
                    IMAGE_URL,
                    DATA,
                    FILE_DATA,
                    FORMAT,
                    DETAIL,
                    STATUS,
                    ENCRYPTED_CONTENT -> inner | SILENT;
            default -> inner;
        };
    }

    static KnownName name(int context) {
        return NAMES_KNOWN[context >> NAME_SHIFT];
    }

    static TextKind kind(int context) {
        return KINDS[(context & KIND) - 1];
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
                    case IMAGE_URL, DATA, FILE_DATA -> true;
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
        return (context & KIND) != 0;
    }

    private static int text(TextKind kind) {
        return kind.ordinal() + 1;
    }
}
