package headgate.proxy.admin;

/**
 * What a page answers.
 *
 * @param type the media type
 * @param body complete; sent as UTF-8
 */
public record AdminAnswer(int status, String type, String body) {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    /** A JSON document. */
    public static AdminAnswer json(int status, JsonText.Writing text) {
        return new AdminAnswer(status, JSON, JsonText.of(text));
    }

    /** Plain text, of which each line is a sentence. */
    public static AdminAnswer text(int status, String text) {
        return new AdminAnswer(status, TEXT, text + "\n");
    }
}
