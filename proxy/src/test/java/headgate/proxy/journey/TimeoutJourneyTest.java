package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every phase of a call has its time, and what is over is given up. */
class TimeoutJourneyTest {
    private static final ScriptedUpstream.Script SILENT = (request, call) -> call.awaitClosed(20_000);

    @Test
    void anUpstreamThatAcceptsNoConnectionIsAGatewayTimeout() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<SocketChannel> filling = fill(full.getLocalPort());
            try (TestGateway gateway = TestGateway.withDeployment("{ timeouts: { connect: 200ms }, upstreams: ["
                            + "{ url: \"http://127.0.0.1:" + full.getLocalPort() + "\" }] }");
                    RawCaller caller = new RawCaller(gateway.port())) {
                assertThat(caller.chat(BODY).read().status()).isIn(502, 504);
            }
            for (SocketChannel channel : filling) {
                channel.close();
            }
        }
    }

    @Test
    void anUpstreamThatDoesNotAnswerIsAGatewayTimeoutAndCancelled() throws Exception {
        try (Upstreams one = new Upstreams("timeouts: { firstByte: 200ms },", List.of("weight: 1"), SILENT)) {
            RawCaller.Answer answer = one.ask();
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.field("x-ms-error-code")).isEqualTo("GatewayTimeout");
            assertThat(one.all.get(0).awaitAllClosed()).isTrue();
        }
    }

    @Test
    void anotherUpstreamIsTriedWhenTheFirstDoesNotAnswer() throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond(
                "timeouts: { firstByte: 200ms },", SILENT, (request, call) -> call.json(200, "{}"))) {
            assertThat(two.ask().status()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerThatStopsIsCut() throws Exception {
        try (Upstreams one = new Upstreams("timeouts: { idle: 200ms },", List.of("weight: 1"), (request, call) -> {
            call.beginEvents();
            call.chunk("data: 1\n\n");
            call.awaitClosed(20_000);
        })) {
            one.caller.chat(BODY).readHead();
            assertThat(one.caller.readChunk()).isEqualTo("data: 1\n\n");
            assertThat(one.caller.readChunk()).contains("GatewayTimeout");
            assertThatThrownBy(one.caller::readChunk).isInstanceOf(IOException.class);
            assertThat(one.all.get(0).awaitAllClosed()).isTrue();
        }
    }

    @Test
    void anAnswerThatGoesOnForLongerThanTheIdleTimeIsNotCut() throws Exception {
        try (Upstreams one =
                new Upstreams("timeouts: { idle: 1s, firstByte: 1s },", List.of("weight: 1"), (request, call) -> {
                    call.beginEvents();
                    for (int i = 0; i < 12; i++) {
                        call.chunk("data: 1\n\n");
                        Thread.sleep(100);
                    }
                    call.endChunks();
                })) {
            assertThat(one.ask().body()).hasSize(12 * "data: 1\n\n".length());
        }
    }

    @Test
    void anAnswerThatNeverEndsIsCutWhenTheTotalTimeIsOver() throws Exception {
        try (Upstreams one = new Upstreams("timeouts: { total: 300ms },", List.of("weight: 1"), (request, call) -> {
            call.beginEvents();
            while (true) {
                call.chunk("data: 1\n\n");
                Thread.sleep(20);
            }
        })) {
            one.caller.chat(BODY).readHead();
            assertThatThrownBy(() -> {
                        while (true) {
                            one.caller.readChunk();
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void theTotalTimeIsOneForAllAttempts() throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond("timeouts: { total: 300ms },", SILENT, SILENT)) {
            assertThat(two.ask().status()).isEqualTo(504);
            assertThat(two.all.get(0).awaitAllClosed()).isTrue();
            assertThat(two.all.get(1).connections()).as("asked after the end").isZero();
        }
    }

    @Test
    void aCallerWhoTakesItsTimeIsNotBlamedOnTheUpstream() throws Exception {
        try (Upstreams one = new Upstreams(
                "timeouts: { idle: 200ms, firstByte: 5s },",
                List.of("weight: 1"),
                (request, call) -> call.json(200, "{}"))) {
            String body = "{\"model\":\"gpt\",\"messages\":\"" + "x".repeat(2 << 20) + "\"}";
            String request = RawCaller.chatRequest(body);
            one.caller.send(request.substring(0, 1_500_000));
            Thread.sleep(600);
            assertThat(one.caller.send(request.substring(1_500_000)).read().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void anUpstreamThatStopsTakingTheRequestIsAGatewayTimeout() throws Exception {
        try (StalledUpstream upstream = new StalledUpstream();
                TestGateway gateway = TestGateway.withDeployment("{ timeouts: { idle: 300ms }, upstreams: ["
                        + "{ url: \"http://127.0.0.1:" + upstream.port() + "\" }] }");
                RawCaller caller = new RawCaller(gateway.port())) {
            Upload upload = new Upload(caller, 60 << 20);
            assertThat(caller.read().status()).isEqualTo(504);
            assertThat(upload.complete()).isFalse();
            assertThat(gateway.server().heldBytes()).isZero();
        }
    }

    /** Fills a listener's backlog, so that further connections get no answer. */
    private static List<SocketChannel> fill(int port) throws Exception {
        List<SocketChannel> filling = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            filling.add(channel);
        }
        await().until(() -> {
            int connected = 0;
            for (SocketChannel channel : filling) {
                connected += channel.finishConnect() ? 1 : 0;
            }
            return connected == 2;
        });
        return filling;
    }
}
