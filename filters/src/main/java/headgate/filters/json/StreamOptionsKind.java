package headgate.filters.json;

/** What stands in a body as {@code stream_options}. */
public enum StreamOptionsKind {
    ABSENT,
    OBJECT,
    NULL,
    OTHER;

    static StreamOptionsKind of(byte first) {
        return switch (first) {
            case 0 -> ABSENT;
            case '{' -> OBJECT;
            case 'n' -> NULL;
            default -> OTHER;
        };
    }
}
