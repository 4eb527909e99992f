package headgate.proxy.upstream;

import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import headgate.proxy.credential.Credential;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What one call shows of its endpoint's credential, if that is a token: a line of the head, which it may have to wait for. */
final class Authorization {
    private static final byte[] NOTHING = {};

    private final @Nullable Credential credential;
    private byte[] line = NOTHING;

    Authorization(@Nullable Credential credential) {
        this.credential = credential;
    }

    /**
     * Waits for something to show.
     *
     * @param refused what was shown before and refused; null for nothing
     * @return completes on the loop, or fails with a {@link ProxyError}; null when there is nothing to wait for
     */
    @Nullable
    Future<Void> await(@Nullable Authorization refused, EventExecutor loop) {
        if (credential == null || (refused == null && credential.isValid())) {
            return null;
        }
        return refused == null ? credential.valid(loop) : credential.replaced(refused.line, loop);
    }

    /** The line to show now; empty when there is none to be shown. */
    byte[] line() {
        if (credential != null) {
            line = credential.line();
        }
        return line;
    }

    /** Has another line fetched in place of this one, which was refused; waits for nothing. */
    void refused(EventExecutor loop) {
        if (credential != null) {
            credential.replaced(line, loop);
        }
    }

    /** Whether another line may do better than this one, which was refused. */
    boolean mayBeReplaced() {
        return credential != null && credential.mayReplace(line);
    }

    ProxyError late() {
        String name = credential == null ? "" : " " + credential.name();
        return ProxyError.of(Kind.UNAVAILABLE, "A token of the credential" + name + " did not come in time.");
    }
}
