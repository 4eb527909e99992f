package headgate.filters.json;

import java.util.Arrays;

/** The member names that mean something here. */
enum KnownName {
    OTHER(""),
    MODEL("model"),
    STREAM("stream"),
    STREAM_OPTIONS("stream_options"),
    INCLUDE_USAGE("include_usage"),
    MAX_TOKENS("max_tokens"),
    MAX_COMPLETION_TOKENS("max_completion_tokens"),
    MAX_OUTPUT_TOKENS("max_output_tokens"),
    N("n"),
    BEST_OF("best_of"),
    MESSAGES("messages"),
    PREDICTION("prediction"),
    SYSTEM("system"),
    PROMPT("prompt"),
    SUFFIX("suffix"),
    INPUT("input"),
    INSTRUCTIONS("instructions"),
    TOOLS("tools"),
    FUNCTIONS("functions"),
    RESPONSE_FORMAT("response_format"),
    TEXT("text"),
    TOOL_CHOICE("tool_choice"),
    TOOL_CALLS("tool_calls"),
    FUNCTION_CALL("function_call"),
    ARGUMENTS("arguments"),
    PARAMETERS("parameters"),
    SCHEMA("schema"),
    PROPERTIES("properties"),
    TYPE("type"),
    ROLE("role"),
    ID("id"),
    /** Any name that ends so. */
    ID_OF_SOMETHING("_id"),
    URL("url"),
    IMAGE_URL("image_url"),
    DATA("data"),
    FILE_DATA("file_data"),
    FORMAT("format"),
    DETAIL("detail"),
    STATUS("status"),
    ENCRYPTED_CONTENT("encrypted_content");

    /** A longer name, as it is written, is not looked at. */
    static final int LENGTH_MAX = 256;

    /** A power of two, and well above the count of names. */
    private static final int SLOTS = 128;

    private static final KnownName[] TABLE = table();

    private final String text;

    KnownName(String text) {
        this.text = text;
    }

    static KnownName find(StringBytes name) {
        int length = name.length();
        if (length == 0) {
            return OTHER;
        }
        int slot = slot(length, name.at(0), name.at(length - 1));
        while (TABLE[slot] != OTHER) {
            if (name.is(TABLE[slot].text)) {
                return TABLE[slot];
            }
            slot = (slot + 1) % TABLE.length;
        }
        return endsLikeId(name, length) ? ID_OF_SOMETHING : OTHER;
    }

    private static boolean endsLikeId(StringBytes name, int length) {
        return length > 3 && name.at(length - 1) == 'd' && name.at(length - 2) == 'i' && name.at(length - 3) == '_';
    }

    private static KnownName[] table() {
        KnownName[] table = new KnownName[SLOTS];
        Arrays.fill(table, OTHER);
        for (KnownName name : values()) {
            if (name != OTHER) {
                int length = name.text.length();
                int slot = slot(length, name.text.charAt(0), name.text.charAt(length - 1));
                while (table[slot] != OTHER) {
                    slot = (slot + 1) % table.length;
                }
                table[slot] = name;
            }
        }
        return table;
    }

    private static int slot(int length, int first, int last) {
        return (length * 11 + first * 5 + last * 3) & (SLOTS - 1);
    }
}
