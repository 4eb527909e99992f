package headgate.proxy;

import com.fasterxml.jackson.core.JsonProcessingException;
import headgate.conf.AdminConfig;
import headgate.conf.GatewayConfig;
import headgate.conf.TlsConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
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

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "PEM file of what is shown to a listener that wants a certificate (mutual TLS)")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "PEM file of its key, PKCS#8 and not encrypted")
    private @Nullable Path key;

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
        if ((certificate == null) != (key == null)) {
            errors.println("headgate: --certificate and --key belong together");
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
            HttpResponse<String> answer = answer(request.timeout(PATIENCE), asked);
            if (answer.statusCode() == 200) {
                printing.print(answer.body());
                return 0;
            }
            errors.println("headgate: asked at " + url + ", it says " + answer.statusCode() + ": "
                    + answer.body().strip());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            errors.println("headgate: " + url + " is not the admin listener of a gateway: " + e.getMessage());
        } catch (IOException | GeneralSecurityException e) {
            errors.println("headgate: no gateway answers at " + url + ": " + reason(e));
        }
        return 1;
    }

    private HttpResponse<String> answer(HttpRequest.Builder request, @Nullable AdminConfig config)
            throws IOException, GeneralSecurityException, InterruptedException {
        HttpClient.Builder asking = HttpClient.newBuilder().connectTimeout(PATIENCE);
        TlsConfig tls = config == null ? null : config.tls();
        AdminTls.Own own = certificate == null || key == null ? null : new AdminTls.Own(certificate, key);
        if (tls != null || own != null) {
            asking.sslContext(AdminTls.context(tls, own));
        }
        if (config != null && config.token() != null) {
            request.header("authorization", "Bearer " + config.token().value());
        }
        return asking.build().send(request.build(), BodyHandlers.ofString());
    }

    private static URI url(AdminConfig config) {
        boolean any = config.host().equals("0.0.0.0") || config.host().equals("::");
        String host = any ? "127.0.0.1" : config.host();
        return URI.create((config.tls() == null ? "http" : "https") + "://"
                + (host.contains(":") ? "[" + host + "]" : host) + ":" + config.port());
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
