package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A caller of HTTP/2 with prior knowledge gets what one of HTTP/1.1 gets, many times over one connection. */
class Http2JourneyTest {
    private static final String BODY = "{\"model\":\"gpt\"}";

    @Test
    void aRequestIsForwardedAndAnswered() throws Exception {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start((request, call) -> call.json(200, request.body(), "x-kept: yes"));
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                H2Caller caller = new H2Caller(gateway.port())) {
            H2Caller.Answer answer = caller.chat(1, BODY).answer(1);
            assertThat(answer.text()).isEqualTo("{\"model\":\"upstream-model\"}");
            assertThat(answer.whole).isTrue();
            assertThat(answer.fields)
                    .containsEntry(":status", "200")
                    .containsEntry("x-kept", "yes")
                    .containsEntry("content-type", "application/json")
                    .containsKey("x-request-id")
                    .doesNotContainKeys("connection", "transfer-encoding");
        }
    }

    @Test
    void thePrefaceIsFoundAtEverySplit() throws Exception {
        byte[] bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream)) {
            for (int split = 1; split < bytes.length; split++) {
                try (RawCaller caller = new RawCaller(gateway.port())) {
                    caller.send(new String(bytes, 0, split, StandardCharsets.ISO_8859_1));
                    Thread.sleep(5);
                    caller.send(new String(bytes, split, bytes.length - split, StandardCharsets.ISO_8859_1));
                    assertThat(caller.readBytes(4)[3])
                            .as("SETTINGS, split at " + split)
                            .isEqualTo((byte) 4);
                }
            }
        }
    }

    @Test
    void whatOnlyBeginsLikeThePrefaceIsARequestOfHttp11() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.send("P").chat(BODY.replace("POST", ""));
            assertThat(caller.readHead()).startsWith("HTTP/1.1 4");
        }
    }

    @Test
    void eachEventOfAStreamLeavesWhenItCame() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    call.beginEvents();
                    call.chunk("data: {\"n\":1}\n\n");
                    first.await(30, TimeUnit.SECONDS);
                    call.chunk("data: [DONE]\n\n");
                    call.endChunks();
                });
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                H2Caller caller = new H2Caller(gateway.port())) {
            caller.chat(1, "{\"model\":\"gpt\",\"stream\":true}");
            assertThat(caller.readUntil(H2Caller.DATA).payload()).isEqualTo("data: {\"n\":1}\n\n");
            first.countDown();
            assertThat(caller.answer(1).text()).isEqualTo("data: {\"n\":1}\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void aHundredStreamsAtOnceGetEachItsOwnAnswer() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    Thread.sleep(request.body().hashCode() & 15);
                    call.json(200, request.body());
                });
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                H2Caller caller = new H2Caller(gateway.port())) {
            for (int i = 0; i < 100; i++) {
                caller.chatHead(2 * i + 1);
            }
            for (int i = 0; i < 100; i++) {
                caller.data(2 * i + 1, H2Caller.END_STREAM, "{\"model\":\"gpt\",\"id\":" + i + "}");
            }
            for (int i = 0; i < 100; i++) {
                assertThat(caller.answer(2 * i + 1).text())
                        .isEqualTo("{\"model\":\"upstream-model\",\"id\":" + i + "}");
            }
        }
    }

    @Test
    void aLargeBodyPassesBothWays() throws Exception {
        String large = "{\"model\":\"gpt\",\"prompt\":\"" + "x".repeat(6 << 20) + "\"}";
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, request.body()));
                TestGateway gateway =
                        TestGateway.inFrontOf(upstream, "limits: { http2: { windowBytes: 8MiB, streams: 4 } }");
                H2Caller caller = new H2Caller(gateway.port())) {
            caller.window(0, 1 << 28).readUntil(H2Caller.SETTINGS);
            caller.frame(H2Caller.SETTINGS, 1, 0);
            caller.chatHead(1).window(1, 1 << 28);
            for (int at = 0; at < large.length(); at += 16384) {
                int end = Math.min(at + 16384, large.length());
                caller.data(1, end == large.length() ? H2Caller.END_STREAM : 0, large.substring(at, end));
            }
            assertThat(caller.answer(1).text()).isEqualTo(large.replaceFirst("gpt", "upstream-model"));
        }
    }

    @Test
    void anUploadThatIsRefusedIsAnsweredAndTheConnectionGoesOn() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream, "limits: { bodyBytes: 100 }");
                H2Caller caller = new H2Caller(gateway.port())) {
            caller.chatHead(1, "content-length", "101");
            H2Caller.Answer answer = caller.answer(1);
            assertThat(answer.status()).isEqualTo("413");
            assertThat(answer.whole).isTrue();
            assertThat(caller.readUntil(H2Caller.RST_STREAM).error()).isEqualTo(H2Caller.NO_ERROR);
            assertThat(caller.data(1, 0, "late").chat(3, BODY).answer(3).status())
                    .isEqualTo("200");
        }
    }

    @Test
    void aBodyThatStallsIsAnsweredAndReset() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream, "limits: { bodyIdle: 200ms }");
                H2Caller caller = new H2Caller(gateway.port())) {
            caller.chatHead(1).data(1, 0, "{");
            assertThat(caller.answer(1).status()).isEqualTo("408");
            assertThat(caller.readUntil(H2Caller.RST_STREAM).error()).isEqualTo(H2Caller.NO_ERROR);
        }
    }

    @Test
    void aCallerThatExpectsItHearsThatItMayContinue() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                H2Caller caller = new H2Caller(gateway.port())) {
            caller.chatHead(1, "expect", "100-continue").readUntil(H2Caller.HEADERS);
            assertThat(caller.data(1, H2Caller.END_STREAM, BODY).answer(1).statuses)
                    .containsExactly("100", "200");
        }
    }

    @Test
    void trailersEndABodyAndGoNowhere() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                H2Caller caller = new H2Caller(gateway.port())) {
            caller.chatHead(1).data(1, 0, BODY).head(1, H2Caller.END_STREAM, "x-checksum", "1");
            assertThat(caller.answer(1).status()).isEqualTo("200");
            assertThat(upstream.next().head()).doesNotContain("x-checksum");
        }
    }

    @Test
    void anAnswerToHeadIsOneFrame() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream);
                H2Caller caller = new H2Caller(gateway.port())) {
            caller.head(
                    1, H2Caller.END_STREAM, ":method", "HEAD", ":scheme", "http", ":path", "/no", ":authority", "g");
            assertThat(caller.readUntil(H2Caller.HEADERS).ends()).isTrue();
            assertThat(caller.answer(1).status()).isEqualTo("404");
        }
    }
}
