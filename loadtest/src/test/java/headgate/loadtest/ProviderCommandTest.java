package headgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import headgate.loadtest.SimulatedProvider.Options;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

class ProviderCommandTest {
    @Test
    void theProgramEndsWhenItsStandardInputDoes() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulatedProvider.class.getName(),
                        "--until-stdin-closes",
                        "--first-token",
                        "0ms")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = program.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            assertThat(line).matches("listening on 127\\.0\\.0\\.1:[0-9]+");
            int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            assertThat(program.isAlive()).isTrue();

            program.getOutputStream().close();

            assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isZero();
            assertThat(output.readLine()).isNull();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void withACertificateItSpeaksTls(@TempDir Path directory) throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .ecp256()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path certificate = Files.writeString(directory.resolve("cert.pem"), bundle.getCertificatePathPEM());
        Path key = Files.writeString(directory.resolve("key.pem"), bundle.getPrivateKeyPEM());
        Options options =
                Options.defaults().withPace(Duration.ZERO, Duration.ZERO, 2).withTls(certificate, key);
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, bundle.toTrustManagerFactory().getTrustManagers(), null);

        try (SimulatedProvider provider = SimulatedProvider.start(options);
                Socket socket = trusting.getSocketFactory().createSocket("127.0.0.1", provider.port());
                InputStream in = socket.getInputStream()) {
            String body = "{\"stream\":true}";
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("data: [DONE]");
        }
    }

    @Test
    void aPortInUseFailsTheStart() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(Options.defaults())) {
            Options same = Options.defaults().withPort(provider.port());
            assertThatThrownBy(() -> SimulatedProvider.start(same))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + provider.port());
            assertThat(new CommandLine(new ProviderCommand()).execute("--port", "" + provider.port()))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tokens=0", "--loops=0", "--tls-key=key.pem"})
    void whatCannotBeIsRefused(String argument) {
        assertThat(new CommandLine(new ProviderCommand()).execute(argument)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"500us,PT0.0005S", "20ms,PT0.02S", "1s,PT1S", "2m,PT2M", "0ms,PT0S"})
    void durationsAreReadAsPeopleWriteThem(String text, Duration duration) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "ms", "-1s", "1.5s", "1h", "1 s", "1234567890s"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
