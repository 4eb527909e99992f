package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} opens what a start would open: a certificate that cannot be used is found before, and not by callers. */
class CheckFilesJourneyTest {
    private static final String DEPLOYMENT = "deployments: { gpt: { upstreams: [ %s ] } }\n";
    private static final String PLAIN = "{ url: http://127.0.0.1:1 }";

    private final Path directory;

    CheckFilesJourneyTest(@TempDir Path directory) throws Exception {
        this.directory = directory;
        X509Bundle one = bundle("one.example");
        X509Bundle two = bundle("two.example");
        Files.writeString(directory.resolve("one.crt"), one.getCertificatePathPEM());
        Files.writeString(directory.resolve("one.key"), one.getPrivateKeyPEM());
        Files.writeString(directory.resolve("two.key"), two.getPrivateKeyPEM());
        Files.writeString(directory.resolve("no.pem"), "no certificate");
    }

    @Test
    void goodFilesAreGood() throws Exception {
        KeyNodes.Said said =
                check(listener("one.crt", "one.key") + String.format(DEPLOYMENT, "{ url: https://h, ca: one.crt }"));
        assertThat(said.errors()).isEmpty();
        assertThat(said.code()).isZero();
    }

    @Test
    void aListenersFilesMustBeACertificateAndItsKey() throws Exception {
        String good = String.format(DEPLOYMENT, PLAIN);
        assertThat(refused(listener("no.pem", "one.key") + good)).contains("listeners[0].tls: ", "no.pem");
        assertThat(refused(listener("one.crt", "no.pem") + good)).contains("no.pem has no unencrypted PKCS#8 key");
        assertThat(refused(listener("one.crt", "two.key") + good)).contains("two.key is not the key of ", "one.crt");
    }

    @Test
    void authoritiesAndProofsMustBeThereToo() throws Exception {
        assertThat(refused(String.format(DEPLOYMENT, "{ url: https://h, ca: no.pem }")))
                .contains("ca: ", "no.pem: ");
        assertThat(refused(
                        "credentials: { c: { entra: { tenant: t, clientId: c, certificate: no.pem, key: one.key } } }\n"
                                + String.format(DEPLOYMENT, "{ url: https://h, credential: c }")))
                .contains("credentials.c.entra: ", "no.pem");
    }

    private static X509Bundle bundle(String name) throws Exception {
        return new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=" + name)
                .addSanDnsName(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static String listener(String certificate, String key) {
        return "listeners: [ { address: \"127.0.0.1:0\", tls: { certificate: " + certificate + ", key: " + key
                + " } } ]\n";
    }

    private String refused(String yaml) throws Exception {
        KeyNodes.Said said = check(yaml);
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.errors()).startsWith(directory.resolve("it.yaml") + ": ");
        return said.errors();
    }

    private KeyNodes.Said check(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("it.yaml"), yaml);
        return KeyNodes.run("check", file.toString());
    }
}
