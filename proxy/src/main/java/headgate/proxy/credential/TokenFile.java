package headgate.proxy.credential;

import headgate.conf.CredentialConfig.BearerFile;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A token in a file that something else keeps fresh. */
record TokenFile(BearerFile config) implements TokenSource {
    @Override
    public void fetch(Promise<Token> token) throws IOException {
        token.setSuccess(Token.of(
                read(config.file()), Token.FOR_EVER_NANOS, config.reloadTime().toNanos()));
    }

    /** What stands in a file, without the white space around it; what is too long to be a token is cut, and is none. */
    static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(Token.CHARS_MAX + 1), StandardCharsets.ISO_8859_1).strip();
        }
    }
}
