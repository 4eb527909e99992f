package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates are replaced while the gateway runs, and nobody who is connected notices. */
class CertificateReloadJourneyTest {
    private static final String TLS = "certificate: DIR/a.crt, key: DIR/a.key, reloadTime: 100ms, provider: ";
    private static final ScriptedUpstream.Script ECHO = (request, call) -> call.json(200, request.body());

    private TlsGround ground;

    @BeforeEach
    void write(@TempDir Path files) throws Exception {
        ground = new TlsGround(files);
        ground.write("a", "before", "gateway.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void aStreamGoesOnWhileNewCallersSeeTheNewCertificate(String provider) throws Exception {
        CountDownLatch replaced = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    call.beginEvents();
                    call.chunk("data: 1\n\n");
                    replaced.await();
                    call.chunk("data: 2\n\n");
                    call.endChunks();
                });
                TestGateway gateway = ground.gateway(upstream, TLS + provider);
                RawCaller caller = new RawCaller(ground.connect(gateway.port(), null))) {
            caller.chat(TlsGround.BODY).readHead();
            assertThat(caller.readChunk()).isEqualTo("data: 1\n\n");
            ground.write("a", "after", "gateway.example");
            awaitShown(gateway, "after");
            replaced.countDown();
            assertThat(caller.readChunk()).isEqualTo("data: 2\n\n");
            assertThat(caller.readChunk()).as("the stream is whole").isEmpty();
            caller.chat(TlsGround.BODY).readHead();
            assertThat(caller.readChunk()).as("and the connection goes on").startsWith("data: 1\n\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void filesThatCannotBeUsedChangeNothing(String provider) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(ECHO);
                TestGateway gateway = ground.gateway(upstream, TLS + provider)) {
            Path key = ground.directory().resolve("a.key");
            String good = Files.readString(key);
            ground.replace("a.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
            assertStays(gateway, "before");
            Files.delete(key);
            assertStays(gateway, "before");
            ground.replace("a.key", good);
            ground.write("b", "another", "another.example");
            ground.replace("a.crt", Files.readString(ground.directory().resolve("b.crt")));
            assertStays(gateway, "before");
            ground.replace("a.key", Files.readString(ground.directory().resolve("b.key")));
            awaitShown(gateway, "another");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void aDirectoryThatIsSwappedAsAWholeIsNoticed(String provider) throws Exception {
        Path one = Files.createDirectory(ground.directory().resolve("..2026_one"));
        Path two = Files.createDirectory(ground.directory().resolve("..2026_two"));
        for (String file : new String[] {"a.crt", "a.key"}) {
            Files.move(ground.directory().resolve(file), one.resolve(file));
        }
        ground.write("a", "after", "gateway.example");
        Path data = ground.directory().resolve("..data");
        Files.createSymbolicLink(data, one.getFileName());
        for (String file : new String[] {"a.crt", "a.key"}) {
            Files.move(ground.directory().resolve(file), two.resolve(file));
            Files.createSymbolicLink(ground.directory().resolve(file), Path.of("..data", file));
        }
        try (ScriptedUpstream upstream = ScriptedUpstream.start(ECHO);
                TestGateway gateway = ground.gateway(upstream, TLS + provider)) {
            assertThat(ground.shown(gateway.port(), null)).isEqualTo("before");
            Path fresh = Files.createSymbolicLink(ground.directory().resolve("..data_tmp"), two.getFileName());
            Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            awaitShown(gateway, "after");
        }
    }

    /** Long enough for several looks; a gateway that took the files would show it. */
    private void assertStays(TestGateway gateway, String name) throws Exception {
        for (int i = 0; i < 8; i++) {
            Thread.sleep(100);
            assertThat(ground.shown(gateway.port(), null)).isEqualTo(name);
        }
    }

    private void awaitShown(TestGateway gateway, String name) {
        await().pollInterval(Duration.ofMillis(50))
                .until(() -> ground.shown(gateway.port(), null).equals(name));
    }
}
