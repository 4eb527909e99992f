package headgate.proxy;

import com.fasterxml.jackson.core.JsonProcessingException;
import headgate.conf.AdminConfig;
import headgate.conf.GatewayConfig;
import headgate.conf.TlsConfig;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code headgate quota}: what the limits of a running gateway stand at. */
@Command(
        name = "quota",
        description = "Shows what the limits of a running gateway stand at.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = QuotaCommand.Show.class)
final class QuotaCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getErr());
        }
    }

    /** {@code headgate quota show [FILE]}. */
    @Command(
            name = "show",
            description =
                    "Prints every limit in use: used, reserved by exchanges in progress, leased and not used yet, left,"
                            + " and the time until nothing counts any more. Asks the admin listener of the configuration.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        private static final Duration PATIENCE = Duration.ofSeconds(5);

        @Parameters(arity = "0..1", paramLabel = "FILE", description = "configuration; default: conf/headgate.yaml")
        private @Nullable Path file;

        @Option(names = "--deployment", paramLabel = "X", description = "only limits of this deployment")
        private @Nullable String deployment;

        @Option(names = "--principal", paramLabel = "Y", description = "only limits of this caller")
        private @Nullable String principal;

        @Option(names = "--json", description = "as JSON, times in seconds")
        private boolean json;

        @Option(
                names = "--admin",
                paramLabel = "URL",
                description = "where to ask instead; its token is that of the configuration all the same")
        private @Nullable URI admin;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws InterruptedException {
            PrintWriter errors = Headgate.errors(spec);
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
                PrintWriter out = Headgate.out(spec);
                String limits = ask(URI.create(url + query()), asked);
                out.println(json ? limits : QuotaTable.of(limits));
                out.flush();
                return 0;
            } catch (JsonProcessingException | IllegalArgumentException e) {
                errors.println("headgate: " + url + " is not the admin listener of a gateway: " + e.getMessage());
            } catch (IOException | GeneralSecurityException e) {
                errors.println("headgate: no gateway answers at " + url + ": " + reason(e));
            }
            return 1;
        }

        private String ask(URI url, @Nullable AdminConfig config)
                throws IOException, GeneralSecurityException, InterruptedException {
            HttpClient.Builder asking = HttpClient.newBuilder().connectTimeout(PATIENCE);
            if (config != null && config.tls() != null) {
                asking.sslContext(trust(config.tls()));
            }
            HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(PATIENCE);
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

        private String query() {
            QueryStringEncoder query = new QueryStringEncoder("/quota");
            if (deployment != null) {
                query.addParam("deployment", deployment);
            }
            if (principal != null) {
                query.addParam("principal", principal);
            }
            return query.toString();
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
}
