package headgate.proxy.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One page of the admin listener: by which method and path it is asked for, and what it answers.
 *
 * @param open whether everybody who reaches the listener may ask, without its token; for probes
 * @param answer asked on the listener's loop, which it must not block; may answer later, on any thread
 */
public record AdminPage(
        String method, String path, boolean open, Function<AdminRequest, CompletionStage<AdminAnswer>> answer) {
    /** A page that only shows; HEAD may ask for it too. */
    public static AdminPage get(String path, Function<AdminRequest, AdminAnswer> answer) {
        return new AdminPage("GET", path, false, request -> CompletableFuture.completedFuture(answer.apply(request)));
    }

    /** The same, which may take its time. */
    public static AdminPage getLater(String path, Function<AdminRequest, CompletionStage<AdminAnswer>> answer) {
        return new AdminPage("GET", path, false, answer);
    }

    /** An order, which may take its time. */
    public static AdminPage post(String path, Function<AdminRequest, CompletionStage<AdminAnswer>> answer) {
        return new AdminPage("POST", path, false, answer);
    }

    /** The same page, open to those without a token: it must not tell anything that a stranger may not know. */
    public AdminPage toEverybody() {
        return new AdminPage(method, path, true, answer);
    }
}
