package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that break HTTP/2, or an exchange: never a clean end, never another exchange's matter. */
class H2UpstreamFailuresJourneyTest {
    @ParameterizedTest
    @EnumSource(names = {"NO_ERROR", "INTERNAL_ERROR", "CANCEL", "REFUSED_STREAM"})
    void aStreamThatIsResetInTheMiddleIsNoCleanEnd(Http2Error error) throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> call.head(200).data("half"))) {
            pair.caller.chat(BODY).readHead();
            assertThat(pair.caller.readChunk()).isEqualTo("half");
            pair.upstream.next().reset(error);
            assertThatThrownBy(pair.caller::readChunk).isInstanceOf(IOException.class);
            assertThat(pair.upstream.waiting()).as("it was not tried again").isZero();
        }
    }

    @Test
    void aConnectionThatEndsInTheMiddleIsNoCleanEnd() throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> call.head(200).data("half"))) {
            pair.caller.chat(BODY).readHead();
            assertThat(pair.caller.readChunk()).isEqualTo("half");
            pair.upstream.next().channel().close();
            assertThatThrownBy(pair.caller::readChunk).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aStreamThatIsResetBeforeItsAnswerIsABadAnswer() throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> call.reset(Http2Error.INTERNAL_ERROR))) {
            assertThat(pair.ask().status()).isEqualTo(502);
            assertThat(pair.ask().status()).isEqualTo(502);
            assertThat(pair.upstream.connections()).as("the connection goes on").isEqualTo(1);
            assertThat(pair.upstream.waiting())
                    .as("it may have been processed, so it is sent once")
                    .isEqualTo(2);
        }
    }

    @Test
    void aRefusedStreamIsTriedAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (H2Pair pair = H2Pair.plain(call -> {
            if (calls.incrementAndGet() == 1) {
                call.reset(Http2Error.REFUSED_STREAM);
            } else {
                call.json(200, "{}");
            }
        })) {
            assertThat(pair.ask().status()).isEqualTo(200);
            assertThat(calls).hasValue(2);
        }
    }

    @Test
    void whatAGoAwayLeavesOutIsTriedOnAnotherConnection() throws Exception {
        try (H2Pair pair = H2Pair.plain(
                call -> {
                    if (call.connection() == 1 && call.stream().id() == 5) {
                        call.goAway(3);
                    } else if (call.connection() == 1) {
                        call.head(200).data("first");
                    } else {
                        call.json(200, "{}");
                    }
                },
                "transport: { eventLoops: 1 }")) {
            try (RawCaller other = new RawCaller(pair.gateway.port())) {
                other.chat(BODY).readHead();
                H2Call first = pair.upstream.next();
                assertThat(first.stream().id()).isEqualTo(3);
                assertThat(pair.ask().status()).isEqualTo(200);
                assertThat(pair.upstream.connections()).isEqualTo(2);
                assertThat(other.readChunk()).isEqualTo("first");
                first.data("and last").end();
                assertThat(other.readChunk())
                        .as("streams that were accepted go on")
                        .isEqualTo("and last");
                assertThat(other.readChunk()).isEmpty();
                await().untilAsserted(() -> assertThat(pair.upstream.open())
                        .as("then the connection closes")
                        .isEqualTo(1));
            }
        }
    }

    @Test
    void aGoAwayBetweenExchangesClosesTheConnection() throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> call.json(200, "{}"))) {
            assertThat(pair.ask().status()).isEqualTo(200);
            pair.upstream.next().goAway(3);
            await().until(() -> pair.upstream.open() == 0);
            assertThat(pair.ask().status()).isEqualTo(200);
            assertThat(pair.upstream.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 502", "5, 200", "6, 502"})
    void theLengthThatIsAnnouncedMustCome(int announced, int status) throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> {
            call.head(200, "content-length", Integer.toString(announced));
            call.data("12345").end();
        })) {
            pair.caller.chat(BODY);
            if (status == 200) {
                assertThat(pair.caller.read().body()).isEqualTo("12345");
            } else {
                assertThatThrownBy(() -> {
                            if (pair.caller.read().status() == 502) {
                                throw new IOException("told before the head had left");
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nx-evil: 1", "a\nx-evil: 1", "a\rb", "a\0b", "a\r\n\r\nHTTP/1.1 200 OK"})
    void aLineEndInAValueNeverReachesTheCaller(String value) throws Exception {
        assertRefused("x-value", value);
    }

    @ParameterizedTest
    @CsvSource({
        "'x evil', 1",
        "'x-evil:', 1",
        "'x\r\nevil', 1",
        "'X-Upper', 1",
        "connection, close",
        "transfer-encoding, chunked",
        "upgrade, h2c",
        ":path, /",
        "content-length, +1",
        "content-length, '1, 2'"
    })
    void aHeadThatHttp2DoesNotAllowIsRefused(String name, String value) throws Exception {
        assertRefused(name, value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"101", "099", "600", "20", "2000", "abc", ""})
    void aStatusThatIsNoneIsRefused(String status) throws Exception {
        try (H2Pair pair =
                H2Pair.plain(call -> call.headOf(status).data("body").end(), "transport: { eventLoops: 1 }")) {
            assertThat(pair.ask().status()).isEqualTo(502);
        }
    }

    @ParameterizedTest
    @CsvSource({"900, 200", "1100, 502", "20000, 502"})
    void aHeadAboveTheBoundIsRefused(int bytes, int status) throws Exception {
        try (H2Pair pair = H2Pair.plain(
                call -> call.head(200, "x-long", "a".repeat(bytes)).data("body").end(),
                "limits: { answerHeaderBytes: 1KiB }")) {
            assertThat(pair.ask().status()).isEqualTo(status);
        }
    }

    @Test
    void anAnswerBeforeTheRequestIsWholeIsPassedOn() throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> call.json(200, "{}"), "limits: { heldBytes: 1KiB }")) {
            pair.upstream.answersEarly = true;
            String head = RawCaller.chatRequest("").replace("content-length: 0", "content-length: 100000");
            pair.caller.send(head + "{\"model\":\"gpt\",\"user\":\"" + "a".repeat(5000));
            assertThat(pair.caller.read().status()).isEqualTo(200);
            assertThat(pair.upstream.nextReset()).isEqualTo(Http2Error.NO_ERROR.code());
            assertThat(pair.upstream.open()).as("the connection goes on").isEqualTo(1);
        }
    }

    private static void assertRefused(String name, String value) throws Exception {
        try (H2Pair pair = H2Pair.plain(call -> {
            if (call.field("x-good").isEmpty()) {
                call.head(200, name, value).data("body").end();
            } else {
                call.json(200, "{}");
            }
        })) {
            RawCaller.Answer answer = pair.ask();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.head() + answer.body()).doesNotContain("evil: 1").doesNotContain("HTTP/1.1 200");
            assertThat(pair.caller.chat(BODY, "x-good: 1").read().status())
                    .as("the next exchange")
                    .isEqualTo(200);
        }
    }
}
