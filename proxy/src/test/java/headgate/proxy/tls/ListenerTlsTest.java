package headgate.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import headgate.conf.ConfigLoader;
import headgate.conf.GatewayConfig;
import headgate.conf.TlsConfig;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ListenerTlsTest {
    private final Path directory;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    ListenerTlsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void whatWasReplacedIsReleasedWhenItsLastConnectionEnds() throws Exception {
        write(Algorithm.ecp256, "a");
        try (ListenerTls tls = start("boringssl")) {
            SslContext before = Objects.requireNonNull(tls.certificates().find(null));
            SSLEngine connection = before.newEngine(UnpooledByteBufAllocator.DEFAULT);
            assertThat(ReferenceCountUtil.refCnt(before)).isEqualTo(2);
            write(Algorithm.ecp256, "a");
            await().until(() -> ReferenceCountUtil.refCnt(before) == 1);
            assertThat(tls.certificates().find(null)).isNotSameAs(before);
            ReferenceCountUtil.release(connection);
            assertThat(ReferenceCountUtil.refCnt(before)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"rsa2048", "ecp256", "ecp384", "ed25519"})
    void keysOfTheseKindsAreTaken(Algorithm algorithm) throws Exception {
        write(algorithm, "a");
        start("jdk").close();
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        write(Algorithm.ecp256, "a");
        String certificate = Files.readString(directory.resolve("a.crt"));
        for (Algorithm algorithm : List.of(Algorithm.ecp256, Algorithm.rsa2048)) {
            write(algorithm, "a");
            Files.writeString(directory.resolve("a.crt"), certificate);
            assertThatThrownBy(() -> start("auto"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is not the key of");
        }
    }

    @Test
    void filesThatHoldSomethingElseAreRefused() throws Exception {
        for (String file : new String[] {"a.crt", "a.key"}) {
            write(Algorithm.ecp256, "a");
            Files.writeString(directory.resolve(file), "something else");
            assertThatThrownBy(() -> start("auto")).isInstanceOf(IOException.class);
        }
    }

    private ListenerTls start(String provider) throws Exception {
        GatewayConfig config = ConfigLoader.load("""
                listeners:
                  - address: 127.0.0.1:0
                    tls: { certificate: a.crt, key: a.key, reloadTime: 100ms, provider: %s }
                deployments: { d: { upstreams: [{ url: http://h }] } }
                """.formatted(provider), directory.resolve("test.yaml"), Map.of());
        TlsConfig tls = Objects.requireNonNull(config.listeners().get(0).tls());
        return ListenerTls.start(tls, config.limits(), List.of("http/1.1"), loops);
    }

    private void write(Algorithm algorithm, String name) throws Exception {
        X509Bundle issued = new CertificateBuilder()
                .algorithm(algorithm)
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(directory.resolve(name + ".crt"), issued.getCertificatePathPEM());
        Files.writeString(directory.resolve(name + ".key"), issued.getPrivateKeyPEM());
    }
}
