package headgate.filters.json;

import java.nio.charset.StandardCharsets;
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
    OUTPUT("output"),
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
    ENCRYPTED_CONTENT("encrypted_content"),
    CONTENT("content"),
    INPUT_AUDIO("input_audio"),
    SOURCE("source"),
    VIDEO_URL("video_url"),
    AUDIO_URL("audio_url"),
    VARIABLES("variables"),
    DATA_SOURCES("data_sources"),
    ROLE_INFORMATION("role_information"),
    DOCUMENTS("documents"),
    USER("user"),
    METADATA("metadata"),
    SERVICE_TIER("service_tier"),
    SAFETY_IDENTIFIER("safety_identifier"),
    PROMPT_CACHE_KEY("prompt_cache_key"),
    PROMPT_CACHE_RETENTION("prompt_cache_retention"),
    REASONING("reasoning"),
    REASONING_EFFORT("reasoning_effort"),
    VERBOSITY("verbosity"),
    TRUNCATION("truncation"),
    STOP("stop"),
    MODALITIES("modalities"),
    AUDIO("audio"),
    INCLUDE("include"),
    CONVERSATION("conversation"),
    LOGIT_BIAS("logit_bias"),
    ENCODING_FORMAT("encoding_format"),
    VOICE("voice"),
    SIZE("size"),
    QUALITY("quality"),
    BACKGROUND("background"),
    MODERATION("moderation"),
    OUTPUT_FORMAT("output_format"),
    STREAM_FORMAT("stream_format"),
    INPUT_TYPE("input_type");

    /** A longer name, as it is written, is not looked at. */
    static final int LENGTH_MAX = 256;

    /** A power of two. */
    private static final int SLOTS = 256;

    private static final KnownName[] TABLE = table();

    @SuppressWarnings("ImmutableEnumChecker") // Never written; comparing bytes is what this is for.
    private final byte[] bytes;

    KnownName(String name) {
        this.bytes = name.getBytes(StandardCharsets.US_ASCII);
    }

    static KnownName find(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return OTHER;
        }
        KnownName name = TABLE[slot(bytes, from, length)];
        if (length == name.bytes.length && name.isAt(bytes, from)) {
            return name;
        }
        boolean id = length > 3 && bytes[to - 1] == 'd' && bytes[to - 2] == 'i' && bytes[to - 3] == '_';
        return id ? ID_OF_SOMETHING : OTHER;
    }

    private boolean isAt(byte[] other, int from) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != other[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static KnownName[] table() {
        KnownName[] table = new KnownName[SLOTS];
        Arrays.fill(table, OTHER);
        for (KnownName name : values()) {
            if (name != OTHER) {
                int slot = slot(name.bytes, 0, name.bytes.length);
                if (table[slot] != OTHER) {
                    throw new AssertionError(name + " and " + table[slot] + " meet: choose other factors");
                }
                table[slot] = name;
            }
        }
        return table;
    }

    /** The factors were searched for: with them no two names meet. */
    private static int slot(byte[] bytes, int from, int length) {
        return (length + bytes[from] + bytes[from + length / 2] * 13 + bytes[from + length - 1] * 34) & (SLOTS - 1);
    }
}
