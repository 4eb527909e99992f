package headgate.proxy;

import com.fasterxml.jackson.core.JsonProcessingException;
import headgate.conf.AdminConfig;
import headgate.conf.GatewayConfig;
import headgate.conf.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command finds the admin listener of a running gateway and asks it: by the configuration that it runs by. */
final class AdminOptions {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "where to ask instead; its token is that of the configuration all the same")
    private @Nullable URI admin;

    /** What is done with the answer of a page. */
    interface Printing {
        void print(String body) throws IOException;
    }

    /**
     * Asks a page.
     *
     * @param file the configuration; null for the default one
     * @param method by which the page is asked
     * @param page path and query
     * @return the exit code; what went wrong is said
     */
    int ask(@Nullable Path file, String method, String page, BodyPublisher body, PrintWriter errors, Printing printing)
            throws InterruptedException {
        GatewayConfig config = Headgate.load(file == null ? Headgate.defaultFile("headgate.yaml") : file, errors);
        if (config == null) {
            return 1;
        }
        AdminConfig asked = config.admin();
        if (admin == null && (asked == null || asked.port() == 0)) {
            errors.println(
                    asked == null
                            ? "headgate: the configuration has `admin: off`, so nobody can be asked"
                            : "headgate: the system chose the port of the admin listener; say where it is with --admin");
            return 1;
        }
        URI url = admin == null && asked != null ? url(asked) : admin;
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url + page)).method(method, body);
            printing.print(answer(request.timeout(PATIENCE), asked));
            return 0;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            errors.println("headgate: " + url + " is not the admin listener of a gateway: " + e.getMessage());
        } catch (IOException | GeneralSecurityException e) {
            errors.println("headgate: no gateway answers at " + url + ": " + reason(e));
        }
        return 1;
    }

    private static String answer(HttpRequest.Builder request, @Nullable AdminConfig config)
            throws IOException, GeneralSecurityException, InterruptedException {
        HttpClient.Builder asking = HttpClient.newBuilder().connectTimeout(PATIENCE);
        if (config != null && config.tls() != null) {
            asking.sslContext(trust(config.tls()));
        }
        if (config != null && config.token() != null) {
            request.header("authorization", "Bearer " + config.token().value());
        }
        var answer = asking.build().send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    "it says " + answer.statusCode() + ", " + answer.body().strip());
        }
        return answer.body();
    }

    private static URI url(AdminConfig config) {
        boolean any = config.host().equals("0.0.0.0") || config.host().equals("::");
        String host = any ? "127.0.0.1" : config.host();
        return URI.create((config.tls() == null ? "http" : "https") + "://"
                + (host.contains(":") ? "[" + host + "]" : host) + ":" + config.port());
    }

    /** The listener's own certificates, whoever signed them; their names must be those that are asked. */
    private static SSLContext trust(TlsConfig tls) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        CertificateFactory reading = CertificateFactory.getInstance("X.509");
        for (TlsConfig.Certificate one : tls.certificates()) {
            try (InputStream in = Files.newInputStream(one.certificate())) {
                for (Certificate certificate : reading.generateCertificates(in)) {
                    trusted.setCertificateEntry("c" + trusted.size(), certificate);
                }
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
