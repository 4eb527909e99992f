package headgate.proxy.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** The page for people: one document with its style and its script, kept current by events. */
public final class StatusPage {
    private StatusPage() {}

    /** Its parts; {@code document} is asked for what there is to be shown, for each watcher every few seconds. */
    public static List<AdminPage> of(Supplier<String> document) {
        return List.of(
                resource("/", "status.html", "text/html; charset=utf-8"),
                resource("/status.css", "status.css", "text/css; charset=utf-8"),
                resource("/status.js", "status.js", "text/javascript; charset=utf-8"),
                AdminPage.get("/status", request -> new AdminAnswer(200, "application/json", document.get())),
                AdminPage.get("/status/events", request -> AdminAnswer.events(document)));
    }

    private static AdminPage resource(String path, String name, String type) {
        AdminAnswer answer = new AdminAnswer(200, type, read(name));
        return AdminPage.get(path, request -> answer);
    }

    private static String read(String name) {
        try (InputStream in = StatusPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
