package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.proxy.ProxyServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose the sockets are while one gateway takes the place of another: one answers at each, and one gets them. */
class HandoverSocketsJourneyTest {
    private final Path directory;

    HandoverSocketsJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void whoAsksTheAdminListenerHearsTheNewGatewayAloneOnceItAnswers() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    answered.await();
                    call.json(200, "{}");
                });
                Leaving leaving = new Leaving(TestGateway.start(yaml(upstream)));
                RawCaller waiting = new RawCaller(leaving.before.port());
                RawCaller scraper = new RawCaller(adminPort(leaving.before));
                RawCaller watcher = new RawCaller(adminPort(leaving.before))) {
            TestGateway before = leaving.before;
            waiting.chat(Upstreams.BODY);
            await().until(() -> upstream.waiting() > 0);
            assertThat(ready(scraper, before)).isEqualTo(200);
            watcher.send(AdminGateway.request("GET", "/status/events", "127.0.0.1"));
            assertThat(watcher.readHead()).contains("200 OK");
            try (TestGateway after = TestGateway.start(yaml(upstream))) {
                assertThat(after.port()).isEqualTo(before.port());
                assertThat(adminPort(after)).as("the same socket").isEqualTo(adminPort(before));
                for (int i = 0; i < 30; i++) {
                    try (RawCaller operator = new RawCaller(adminPort(after))) {
                        assertThat(ready(operator, after))
                                .as("the one before drains, and answers nobody new")
                                .isEqualTo(200);
                    }
                }
                assertThat(scraper.restUntilClose())
                        .as("who stays connected is to come again")
                        .isEmpty();
                watcher.restUntilClose();
                answered.countDown();
                assertThat(waiting.read().status()).isEqualTo(200);
                assertThat(leaving.drained.join()).as("it came to its own end").isTrue();
                try (RawCaller operator = new RawCaller(adminPort(after))) {
                    assertThat(ready(operator, after)).isEqualTo(200);
                }
            }
        } finally {
            answered.countDown();
        }
    }

    @Test
    void aSecondProcessGetsNoSocketsWhileAnotherIsTakingThem() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.start(yaml(upstream))) {
            gateway.server().offerHandover(next -> {});
            try (SocketChannel first = connect()) {
                assertThat(answersToSockets(first)).isTrue();
                try (SocketChannel second = connect()) {
                    assertThat(answersToSockets(second)).isFalse();
                }
            }
            await().untilAsserted(() -> {
                try (SocketChannel third = connect()) {
                    assertThat(answersToSockets(third))
                            .as("the first one has died before it answered anybody")
                            .isTrue();
                }
            });
        }
    }

    /** A gateway that ends when another one takes its place, or at last. */
    private record Leaving(TestGateway before, CompletableFuture<Boolean> drained) implements AutoCloseable {
        Leaving(TestGateway before) throws IOException {
            this(before, new CompletableFuture<>());
            before.server()
                    .offerHandover(
                            next -> drained.completeAsync(() -> before.server().stop(Duration.ofSeconds(20))));
        }

        @Override
        public void close() {
            if (!drained.isDone()) {
                before.close();
            }
        }
    }

    /** Whether something comes; descriptors that come along are closed by the system, since nobody asks for them. */
    private static boolean answersToSockets(SocketChannel channel) throws IOException {
        channel.write(StandardCharsets.US_ASCII.encode("s"));
        return channel.read(ByteBuffer.allocate(1)) > 0;
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(directory.resolve("headgate.sock")));
        return channel;
    }

    private static int ready(RawCaller operator, TestGateway gateway) throws IOException {
        return operator.send(AdminGateway.request("GET", "/readyz", "127.0.0.1:" + adminPort(gateway)))
                .read()
                .status();
    }

    private static int adminPort(TestGateway gateway) {
        ProxyServer server = gateway.server();
        InetSocketAddress address = Objects.requireNonNull(server.adminAddress());
        return address.getPort();
    }

    private String yaml(ScriptedUpstream upstream) {
        return """
                listen: 127.0.0.1:0
                admin: { listen: "127.0.0.1:0" }
                handover: %s
                accessLog: off
                keys: { caller: %s }
                deployments: { gpt: { upstreams: [{ url: "%s" }] } }
                """.formatted(directory.resolve("headgate.sock"), TestGateway.KEY, upstream.url());
    }
}
