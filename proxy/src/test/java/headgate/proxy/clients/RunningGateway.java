package headgate.proxy.clients;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.loadtest.SimulatedProvider;
import headgate.loadtest.provider.Counters;
import headgate.proxy.ProxyServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * A gateway with a plain and an encrypted port, in front of a simulated provider.
 *
 * <p>Each fault of the provider is a deployment of its own, so that any client meets it by naming a model.
 */
final class RunningGateway implements AutoCloseable {
    static final String KEY = "a-test-key-of-the-caller";

    /** How many tokens each answer has. */
    static final int TOKENS = 8;

    /** What {@code mistral-large} says to {@code Hello!}, to the last of its tokens. */
    static final String ANSWER = "mistral-large-latest heard \"Hello!\". Where the canal leaves the river a";

    private final SimulatedProvider provider;
    private final ProxyServer server;
    private final X509Bundle authority;

    private RunningGateway(SimulatedProvider provider, ProxyServer server, X509Bundle authority) {
        this.provider = provider;
        this.server = server;
        this.authority = authority;
    }

    /** All deployments: one for each kind of upstream, for each operation of its own, and for each fault. */
    static RunningGateway start() throws Exception {
        return start("""
                  gpt-4o: { upstreams: [{ url: "%1$s/openai", api: azure, deployment: sim-gpt-4o }] }
                  mistral-large: { upstreams: [{ url: "%1$s/v1", model: mistral-large-latest }] }
                  phi-4:
                    model: { format: Microsoft, name: Phi-4 }
                    upstreams: [{ url: "%1$s/models", api: azure-inference }]
                  text-embedding-3-small: { operations: [embeddings], upstreams: [{ url: "%1$s/v1" }] }
                  tts-1: { operations: [audio/speech], upstreams: [{ url: "%1$s/v1" }] }
                  dall-e-3: { operations: [images/generations], upstreams: [{ url: "%1$s/v1" }] }
                  busy: { upstreams: [{ url: "%1$s/fault/429/v1" }] }
                  busy-once: { upstreams: [{ url: "%1$s/fault/once-429/v1" }] }
                  reset-in-the-middle: { upstreams: [{ url: "%1$s/fault/reset-after:3/v1" }] }
                  closed-in-the-middle: { upstreams: [{ url: "%1$s/fault/close-after:3/v1" }] }
                """);
    }

    /** One deployment, whose model is Microsoft's Phi-4. */
    static RunningGateway withOneDeployment() throws Exception {
        return start("""
                  small:
                    model: { format: Microsoft, name: Phi-4 }
                    upstreams: [{ url: "%1$s/models", api: azure-inference }]
                """);
    }

    /**
     * One deployment named {@code gpt-4o}, for callers with tokens too.
     *
     * @param issuer of their tokens, in flow style
     */
    static RunningGateway withIssuer(String issuer) throws Exception {
        return start("  gpt-4o: { upstreams: [{ url: \"%1$s/openai\", api: azure, deployment: sim-gpt-4o }] }\n"
                + "identity: { issuers: [" + issuer + "] }\n");
    }

    /** {@code gpt-4o} may not say {@code canal}, nor be asked about {@code sluices}; {@code quiet} does not tell what was found either. */
    static RunningGateway withFilter() throws Exception {
        String rules =
                "[{ blocklistName: waters, source: Completion }, { blocklistName: greetings, source: Prompt, blocking: false },"
                        + " { blocklistName: works, source: Prompt }]";
        return start("""
                  gpt-4o: { contentFilter: told, upstreams: [{ url: "%1$s/v1" }] }
                  quiet: { contentFilter: quiet, upstreams: [{ url: "%1$s/v1" }] }
                blocklists: { waters: { items: [the canal] }, greetings: { items: [hello] },
                  works: { items: [sluices] } }
                contentFilters:
                """ + "  told: { customBlocklists: " + rules + " }\n"
                + "  quiet: { annotations: [], customBlocklists: " + rules + " }\n");
    }

    private static RunningGateway start(String deployments) throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=Test authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=gateway")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
        SimulatedProvider provider = SimulatedProvider.start(
                SimulatedProvider.Options.defaults().withPace(Duration.ZERO, Duration.ZERO, TOKENS));
        String yaml = """
                listeners:
                  - address: 127.0.0.1:0
                  - address: 127.0.0.1:0
                    tls: { certificate: "%s", key: "%s" }
                accessLog: off
                admin: off
                keys: { caller: %s }
                deployments:
                """.formatted(certificate.toTempCertChainPem(), certificate.toTempPrivateKeyPem(), KEY);
        try {
            String all = yaml + deployments.formatted("http://127.0.0.1:" + provider.port());
            ProxyServer server = ProxyServer.start(
                    ConfigLoader.load(all, Path.of("clients.yaml").toAbsolutePath(), Map.of()));
            return new RunningGateway(provider, server, authority);
        } catch (ConfigException e) {
            provider.close();
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The plain port. */
    String url() {
        return "http://127.0.0.1:" + server.addresses().get(0).getPort();
    }

    /** The encrypted port. */
    String tlsUrl() {
        return "https://127.0.0.1:" + server.addresses().get(1).getPort();
    }

    /** The openai library with a base URL, on the plain port. */
    OpenAIClient openAi(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(url() + "/openai/v1")
                .apiKey(key)
                .build();
    }

    /** What the provider saw. */
    Counters provider() {
        return provider.counters();
    }

    /** What a client needs to trust the encrypted port, and nothing else. */
    SSLContext trust() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trustManager()}, null);
        return context;
    }

    /** The same for clients that take its parts. */
    X509TrustManager trustManager() throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("authority", authority.getCertificate());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        return (X509TrustManager) trusted.getTrustManagers()[0];
    }

    @Override
    public void close() {
        server.stop(Duration.ZERO);
        provider.close();
    }
}
