package headgate.proxy.credential;

import headgate.filters.fetch.FetchAnswer;
import headgate.filters.fetch.FetchRequest;
import headgate.filters.fetch.Fetcher;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** A token endpoint that is asked over HTTP. */
record TokenEndpoint(Question question, Fetcher fetcher, EventLoop loop) implements TokenSource {
    static final int ANSWER_BYTES_MAX = 128 * 1024;

    /** What it is asked. */
    interface Question {
        /** The request of this moment; may read files. */
        FetchRequest ask() throws IOException, GeneralSecurityException;
    }

    @Override
    public void fetch(Promise<Token> token) throws IOException, GeneralSecurityException {
        FetchRequest request = question.ask();
        loop.execute(() -> fetcher.fetch(loop, request).addListener((Future<FetchAnswer> done) -> {
            if (!done.isSuccess()) {
                token.setFailure(bare(done.cause(), request));
                return;
            }
            try {
                token.setSuccess(
                        TokenAnswer.read(done.getNow().status(), done.getNow().body()));
            } catch (IOException e) {
                token.setFailure(e);
            }
        }));
    }

    /** Tenants and applications are named in the URL, and nowhere else: of it the log has the host. */
    private static IOException bare(Throwable cause, FetchRequest request) {
        return new IOException(String.valueOf(cause.getMessage())
                .replace(request.url().toString(), request.url().getHost()));
    }
}
