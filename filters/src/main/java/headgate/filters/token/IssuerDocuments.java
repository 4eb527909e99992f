package headgate.filters.token;

import headgate.conf.IssuerConfig;
import headgate.filters.fetch.FetchAnswer;
import headgate.filters.fetch.FetchRequest;
import headgate.filters.fetch.Fetcher;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What an issuer publishes about itself: a document that says where its keys are, and the keys.
 *
 * <p>The document must be this issuer's own and name an https address (OpenID Connect Discovery 1.0, sections 3 and 4.3).
 * Everything happens on one event loop.
 */
final class IssuerDocuments implements Supplier<Future<IssuerKeys>> {
    private static final int DEPTH_MAX = 8;

    private final IssuerConfig config;
    private final SslContext tls;
    private final Fetcher fetcher;
    private final EventLoop loop;
    private final int bytesMax;

    /**
     * The documents of an issuer.
     *
     * @param bytesMax how large each of them may be
     */
    IssuerDocuments(IssuerConfig config, SslContext tls, Fetcher fetcher, EventLoop loop, int bytesMax) {
        this.config = config;
        this.tls = tls;
        this.fetcher = fetcher;
        this.loop = loop;
        this.bytesMax = bytesMax;
    }

    private interface Step<T> {
        void take(T value) throws IOException, TokenException;
    }

    /** Reads them; all of it takes at most the issuer's deadline. */
    @Override
    public Future<IssuerKeys> get() {
        long startNanos = System.nanoTime();
        Promise<IssuerKeys> keys = loop.newPromise();
        Step<byte[]> last = document -> keys.setSuccess(IssuerKeys.parse(document));
        if (config.jwks() != null) {
            fetch(config.jwks(), startNanos, keys, last);
        } else {
            fetch(config.discovery(), startNanos, keys, document -> fetch(keysUrl(document), startNanos, keys, last));
        }
        return keys;
    }

    private URI keysUrl(byte[] document) throws IOException, TokenException {
        Map<String, Object> members = StrictJson.object(document, DEPTH_MAX);
        if (!config.issuer().equals(members.get("issuer"))) {
            throw new IOException(config.discovery() + " is the document of another issuer");
        }
        if (members.get("jwks_uri") instanceof String text && text.startsWith("https://")) {
            try {
                return URI.create(text);
            } catch (IllegalArgumentException e) {
                // Said below.
            }
        }
        throw new IOException(config.discovery() + " names no https address of keys");
    }

    private void fetch(URI url, long startNanos, Promise<?> whole, Step<byte[]> then) {
        Duration left = config.deadline().minusNanos(System.nanoTime() - startNanos);
        FetchRequest request = new FetchRequest("GET", url, List.of(), new byte[0], left, bytesMax, tls);
        fetcher.fetch(loop, request).addListener((Future<FetchAnswer> done) -> {
            if (!done.isSuccess()) {
                whole.setFailure(done.cause());
                return;
            }
            try {
                FetchAnswer answer = done.getNow();
                if (answer.status() != 200) {
                    throw new IOException(url + " answered with " + answer.status());
                }
                then.take(answer.body());
            } catch (IOException e) {
                whole.setFailure(e);
            } catch (TokenException e) {
                whole.setFailure(new IOException(url + " is not as expected: " + e.fault()));
            }
        });
    }
}
