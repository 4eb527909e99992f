package headgate.proxy.credential;

import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** Where tokens come from. */
interface TokenSource {
    /**
     * Fetches a token; called on the thread that may wait for the disk.
     *
     * @param token completed on its own loop, within a bound time
     * @throws IOException if a file or the request is not as it must be
     * @throws GeneralSecurityException if a key is not
     */
    void fetch(Promise<Token> token) throws IOException, GeneralSecurityException;
}
