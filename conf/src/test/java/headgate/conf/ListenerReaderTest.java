package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.SourceConfig.Forwarded;
import headgate.conf.TlsConfig.Certificate;
import headgate.conf.TlsConfig.ClientCertificates;
import headgate.conf.TlsConfig.Mode;
import headgate.conf.TlsConfig.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListenerReaderTest {
    private final Path directory;

    ListenerReaderTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        for (String file : new String[] {"a.crt", "a.key", "b.crt", "b.key", "ca.pem", "crl.pem"}) {
            Files.writeString(directory.resolve(file), "PEM");
        }
    }

    @Test
    void one_certificate_is_enough_for_tls_with_defaults() throws Exception {
        assertThat(read("{ address: \"h:1\", tls: { certificate: a.crt, key: a.key } }"))
                .isEqualTo(new ListenerConfig(
                        "h",
                        1,
                        new TlsConfig(
                                List.of(certificate("a", List.of())),
                                false,
                                Version.TLS_1_2,
                                true,
                                null,
                                Duration.ofSeconds(5),
                                TlsConfig.Provider.AUTO),
                        SourceConfig.NONE));
    }

    @Test
    void everything_that_can_be_said_of_tls_arrives() throws Exception {
        assertThat(read("""
                        { address: "h:1", tls: {
                            certificates: [
                              { certificate: a.crt, key: a.key },
                              { certificate: b.crt, key: b.key, names: [b.example, "*.b.example"] } ],
                            unknownName: refuse, minVersion: 1.3, sessionTickets: false,
                            clientCertificates: { ca: ca.pem, crl: crl.pem, mode: optional },
                            reloadTime: 100ms, provider: jdk } }""").tls())
                .isEqualTo(new TlsConfig(
                        List.of(certificate("a", List.of()), certificate("b", List.of("b.example", "*.b.example"))),
                        true,
                        Version.TLS_1_3,
                        false,
                        new ClientCertificates(
                                directory.resolve("ca.pem"), directory.resolve("crl.pem"), Mode.OPTIONAL),
                        Duration.ofMillis(100),
                        TlsConfig.Provider.JDK));
    }

    @Test
    void those_who_are_believed_arrive() throws Exception {
        SourceConfig source = read("""
                { address: "h:1", proxyProtocol: true, forwarded: x-forwarded-for,
                  trustedNetworks: [10.0.0.0/8, "2001:db8::/32"] }""").source();

        assertThat(source.proxyProtocol()).isTrue();
        assertThat(source.forwarded()).isEqualTo(Forwarded.X_FORWARDED_FOR);
        assertThat(source.trusts(Objects.requireNonNull(Network.address("10.9.9.9"))))
                .isTrue();
        assertThat(source.trusts(Objects.requireNonNull(Network.address("2001:db8::9"))))
                .isTrue();
        assertThat(source.trusts(Objects.requireNonNull(Network.address("192.0.2.1"))))
                .isFalse();
    }

    private ListenerConfig read(String listener) throws ConfigException {
        String yaml = "listeners:\n  - " + listener + "\ndeployments: { d: { upstreams: [{ url: http://h }] } }\n";
        return ConfigLoader.load(yaml, directory.resolve("headgate.yaml"), Map.of())
                .listeners()
                .get(0);
    }

    private Certificate certificate(String name, List<String> names) {
        return new Certificate(directory.resolve(name + ".crt"), directory.resolve(name + ".key"), names);
    }
}
