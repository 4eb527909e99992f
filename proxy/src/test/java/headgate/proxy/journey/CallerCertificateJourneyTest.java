package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.RevocationServer;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A certificate says who calls, where the operator's authority signed it; a key or a token says it before. */
class CallerCertificateJourneyTest {
    private static final String TLS = "certificate: DIR/a.crt, key: DIR/a.key, reloadTime: 100ms,"
            + " clientCertificates: { ca: DIR/ca.pem%s }, provider: ";
    private static final String REQUIRED = TLS.formatted("");
    private static final String OPTIONAL = TLS.formatted(", mode: optional");

    private TlsGround ground;
    private ScriptedUpstream upstream;

    @BeforeEach
    void write(@TempDir Path files) throws Exception {
        ground = new TlsGround(files);
        ground.write("a", "gateway", "gateway.example");
        upstream = ScriptedUpstream.start((request, call) -> call.json(200, request.body()));
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void aCertificateIsAPrincipal(String provider) throws Exception {
        Path log = ground.directory().resolve("access.log");
        X509Bundle named = new CertificateBuilder()
                .ecp256()
                .subject("CN=common, O=of no interest")
                .addSanDnsName("job.example")
                .addSanUriName("spiffe://example/job")
                .buildIssuedBy(ground.authority());
        try (TestGateway gateway = ground.gateway(upstream, REQUIRED + provider, "accessLog: { file: " + log + " }")) {
            assertThat(status(gateway, named, "")).isEqualTo(200);
            X509Bundle host = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=common")
                    .addSanDnsName("job.example")
                    .buildIssuedBy(ground.authority());
            assertThat(status(gateway, host, "")).isEqualTo(200);
            assertThat(status(gateway, ground.issue("O=nameless"), "")).isEqualTo(401);
            assertThat(status(gateway, ground.issue("CN=only this, O=of no interest"), ""))
                    .isEqualTo(200);
            assertThat(status(gateway, named, "api-key: " + TestGateway.KEY + "\r\n"))
                    .isEqualTo(200);
        }
        assertThat(Files.readAllLines(log))
                .as("in any order, since each event loop has a page of its own")
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("\"principal\":\"spiffe://example/job\""),
                        line -> assertThat(line).contains("\"principal\":\"job.example\""),
                        line -> assertThat(line).contains("\"status\":401").doesNotContain("principal"),
                        line -> assertThat(line).contains("\"principal\":\"only this\""),
                        line -> assertThat(line).as("a key says more").contains("\"principal\":\"caller\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void aWrongKeyIsRefusedEvenWithACertificate(String provider) throws Exception {
        try (TestGateway gateway = ground.gateway(upstream, REQUIRED + provider)) {
            assertThat(status(gateway, ground.issue("CN=good"), "api-key: a-wrong-key\r\n"))
                    .isEqualTo(401);
            assertThat(upstream.waiting()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void whereItIsOptionalAKeyWillDo(String provider) throws Exception {
        try (TestGateway gateway = ground.gateway(upstream, OPTIONAL + provider)) {
            assertThat(status(gateway, null, "")).isEqualTo(401);
            assertThat(status(gateway, null, "api-key: " + TestGateway.KEY + "\r\n"))
                    .isEqualTo(200);
            assertThat(status(gateway, ground.issue("CN=good"), "")).isEqualTo(200);
            assertRefused(gateway, foreign());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void whereItIsRequiredNobodyPassesWithoutAGoodOne(String provider) throws Exception {
        X509Bundle expired = new CertificateBuilder()
                .ecp256()
                .subject("CN=late")
                .notBefore(Instant.now().minus(Duration.ofDays(2)))
                .notAfter(Instant.now().minus(Duration.ofDays(1)))
                .buildIssuedBy(ground.authority());
        try (TestGateway gateway = ground.gateway(upstream, REQUIRED + provider)) {
            assertThat(status(gateway, ground.issue("CN=good"), "")).isEqualTo(200);
            upstream.next();
            assertRefused(gateway, null);
            assertRefused(gateway, foreign());
            assertRefused(gateway, expired);
            assertThat(upstream.waiting()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void aCertificateThatWasTakenBackIsRefusedOnceTheListIsNew(String provider) throws Exception {
        X509Bundle good = ground.issue("CN=good");
        X509Bundle lost = ground.issue("CN=lost");
        RevocationServer lists = RevocationServer.getInstance();
        lists.register(ground.authority());
        Path list = ground.directory().resolve("list.crl");
        download(lists, list);
        String tls = TLS.formatted(", crl: DIR/list.crl") + provider;
        try (TestGateway gateway = ground.gateway(upstream, tls)) {
            assertThat(status(gateway, lost, "")).isEqualTo(200);
            lists.revoke(lost, Instant.now());
            download(lists, list);
            await().untilAsserted(() -> assertRefused(gateway, lost));
            assertThat(status(gateway, good, "")).isEqualTo(200);
        }
    }

    /** In TLS 1.3 a caller learns of the refusal only when it reads. */
    private void assertRefused(TestGateway gateway, @Nullable X509Bundle certificate) {
        assertThatThrownBy(() -> status(gateway, certificate, "api-key: " + TestGateway.KEY + "\r\n"))
                .isInstanceOf(IOException.class);
    }

    private int status(TestGateway gateway, @Nullable X509Bundle certificate, String credential) throws Exception {
        String request =
                RawCaller.chatRequest(TlsGround.BODY).replace("api-key: " + TestGateway.KEY + "\r\n", credential);
        try (RawCaller caller = new RawCaller(TlsGround.connect(ground.callers(certificate), gateway.port(), null))) {
            return caller.send(request).read().status();
        }
    }

    /** By an authority that bears the same name, or else the caller would not show it. */
    private static X509Bundle foreign() throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=good")
                .buildIssuedBy(TlsGround.authority("Test Authority"));
    }

    private void download(RevocationServer lists, Path file) throws IOException {
        try (InputStream in = lists.getCrlUri(ground.authority()).toURL().openStream()) {
            Path fresh = Files.write(file.resolveSibling("list.new"), in.readAllBytes());
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
