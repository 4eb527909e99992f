package headgate.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a listener speaks TLS.
 *
 * @param certificates what to show, by the name that the caller asks for; the first is the default
 * @param refusesUnknownNames whether a caller that asks for no name, or for one that no certificate has, is refused instead
 *     of shown the default
 * @param minVersion the oldest version that is spoken; default 1.2
 * @param sessionTickets whether callers may resume; never where they show certificates; default true
 * @param clientCertificates what is asked of callers; null asks for nothing
 * @param reloadTime between two looks at the files; default 5 s
 * @param provider whose TLS it is; default {@code auto}: BoringSSL where its library loads, else the JDK's
 */
public record TlsConfig(
        List<Certificate> certificates,
        boolean refusesUnknownNames,
        Version minVersion,
        boolean sessionTickets,
        @Nullable ClientCertificates clientCertificates,
        Duration reloadTime,
        Provider provider) {
    /** All files it names. */
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (Certificate shown : certificates) {
            files.add(shown.certificate());
            files.add(shown.key());
        }
        if (clientCertificates != null) {
            files.add(clientCertificates.ca());
            if (clientCertificates.crl() != null) {
                files.add(clientCertificates.crl());
            }
        }
        return files;
    }

    /** The versions to choose from. */
    public enum Version {
        TLS_1_2("1.2"),
        TLS_1_3("1.3");

        private final String word;

        Version(String word) {
            this.word = word;
        }

        /** As it is written. */
        public String word() {
            return word;
        }
    }

    /** The implementations to choose from. */
    public enum Provider {
        AUTO,
        BORINGSSL,
        JDK
    }

    /** Whether a caller must show a certificate. */
    public enum Mode {
        REQUIRE,
        OPTIONAL
    }

    /**
     * A certificate with its key.
     *
     * @param certificate PEM file with the certificate and its chain
     * @param key PEM file with the unencrypted PKCS#8 private key
     * @param names host names it is shown for, a whole first label may be {@code *}; empty: those the certificate has
     */
    public record Certificate(Path certificate, Path key, List<String> names) {}

    /**
     * Whose certificates callers may show.
     *
     * @param ca PEM file with the authorities that sign them
     * @param crl PEM file with each authority's list of what it took back; null takes nothing back
     * @param mode whether they must; default {@code require}
     */
    public record ClientCertificates(Path ca, @Nullable Path crl, Mode mode) {}
}
