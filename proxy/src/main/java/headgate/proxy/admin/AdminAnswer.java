package headgate.proxy.admin;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a page answers.
 *
 * @param type the media type
 * @param body complete; sent as UTF-8
 * @param events where the answer has no end: asked for what each event says; null for all others
 */
public record AdminAnswer(
        int status, String type, String body, @Nullable Supplier<String> events) {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    /** A whole answer. */
    public AdminAnswer(int status, String type, String body) {
        this(status, type, body, null);
    }

    /** A stream of events, one every few seconds until the caller leaves. */
    public static AdminAnswer events(Supplier<String> events) {
        return new AdminAnswer(200, "text/event-stream", "", events);
    }

    /** A JSON document. */
    public static AdminAnswer json(int status, JsonText.Writing text) {
        return new AdminAnswer(status, JSON, JsonText.of(text));
    }

    /** A JSON document that is written already. */
    public static AdminAnswer json(int status, String text) {
        return new AdminAnswer(status, JSON, text);
    }

    /** Plain text, of which each line is a sentence. */
    public static AdminAnswer text(int status, String text) {
        return new AdminAnswer(status, TEXT, text + "\n");
    }
}
