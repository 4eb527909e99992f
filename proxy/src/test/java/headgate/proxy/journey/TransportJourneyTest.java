package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import headgate.conf.TransportConfig.Kind;
import headgate.proxy.journey.DownstreamGoneJourneyTest.Leaving;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever moves the bytes: the same bytes, the same order, and nobody is worked for who has left. */
class TransportJourneyTest {
    private static final String STREAM = "{\"model\":\"gpt\",\"messages\":[],\"stream\":true}";
    private static final int EVENTS = 2_000;

    @ParameterizedTest
    @MethodSource("kinds")
    void answersAndStreamsAndLargeBodiesPass(Kind kind) throws Exception {
        try (Pair pair = new Pair(
                (request, call) -> {
                    if (request.body().contains("\"stream\"")) {
                        call.beginEvents();
                        for (int i = 0; i < EVENTS; i++) {
                            call.chunk(event(i));
                        }
                        call.endChunks();
                    } else {
                        call.json(200, "{\"read\":" + request.body().length() + "}");
                    }
                },
                transport(kind))) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < EVENTS; i++) {
                all.append(event(i));
            }
            for (int i = 0; i < 3; i++) {
                String body = "{\"model\":\"gpt\",\"messages\":\"" + "m".repeat(i * 300_000) + "\"}";
                int sent = body.length() + "upstream-model".length() - "gpt".length();
                assertThat(pair.caller.chat(body).read().body()).isEqualTo("{\"read\":" + sent + "}");
                assertThat(pair.caller.chat(STREAM).read().body()).isEqualTo(all.toString());
            }
            assertThat(pair.upstream.connections()).as("kept, and used again").isOne();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatIsSentAheadIsAnsweredInItsOrder(Kind kind) throws Exception {
        try (Pair pair = new Pair(
                (request, call) -> call.json(200, request.body().replace("upstream-model", "gpt")), transport(kind))) {
            for (int i = 0; i < 50; i++) {
                pair.caller.chat(numbered(i));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(pair.caller.read().body()).isEqualTo(numbered(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("leavings")
    void whoLeavesDuringAStreamCancelsIt(Kind kind, Leaving leaving) throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (Pair pair = new Pair(
                (request, call) -> {
                    call.beginEvents();
                    call.chunk(event(0));
                    if (call.awaitClosed(30_000)) {
                        cancelled.countDown();
                    }
                },
                transport(kind))) {
            pair.caller.chat(STREAM).readHead();
            assertThat(pair.caller.readChunk()).isEqualTo(event(0));
            DownstreamGoneJourneyTest.leave(pair.caller, leaving);
            assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whoDoesNotReadHoldsTheUpstreamBack(Kind kind) throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        try (Pair pair = new Pair(
                (request, call) -> {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n");
                    byte[] much = new byte[1 << 20];
                    try {
                        for (int i = 0; i < 950; i++) {
                            call.out().write(much);
                        }
                    } catch (IOException e) {
                        stopped.countDown();
                    }
                },
                transport(kind))) {
            pair.caller.chat("{\"model\":\"gpt\",\"messages\":[]}").readHead();
            Thread.sleep(300);
            pair.caller.close();
            assertThat(stopped.await(30, TimeUnit.SECONDS))
                    .as("it was still writing when the caller left")
                    .isTrue();
        }
    }

    /** What has to take a listening socket from another process takes it by epoll. */
    @Test
    void socketsAreHandedOverByEpollAlone(@TempDir Path directory) {
        assertThatThrownBy(() -> TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"http://127.0.0.1:9\" }] }",
                        transport(Kind.IO_URING),
                        "handover: " + directory.resolve("socket")))
                .hasMessageContaining(
                        IoUring.isAvailable()
                                ? "handover needs the transport epoll"
                                : "transport.kind is io_uring, which is not available here");
    }

    private static Stream<Kind> kinds() {
        return Stream.of(Kind.values())
                .filter(kind -> kind != Kind.EPOLL || Epoll.isAvailable())
                .filter(kind -> kind != Kind.IO_URING || IoUring.isAvailable());
    }

    private static Stream<Arguments> leavings() {
        return kinds().flatMap(kind -> Stream.of(Leaving.values()).map(leaving -> Arguments.of(kind, leaving)));
    }

    private static String transport(Kind kind) {
        return "transport: { kind: " + kind.word() + " }";
    }

    private static String event(int i) {
        return "data: {\"choices\":[{\"delta\":{\"content\":\"" + i + "\"}}]}\n\n";
    }

    private static String numbered(int i) {
        return "{\"model\":\"gpt\",\"messages\":[],\"n\":" + (i + 1) + "}";
    }
}
