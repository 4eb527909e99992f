package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of several upstreams is called: by priority, then by weight, and none that asked to be left alone. */
class UpstreamChoiceJourneyTest {
    private static final ScriptedUpstream.Script GOOD = (request, call) -> call.json(200, "{}");

    @Test
    void theLowestPriorityIsCalledWhileItAnswers() throws Exception {
        try (Upstreams three =
                new Upstreams("", List.of("priority: 3", "priority: 1", "priority: 2"), GOOD, GOOD, GOOD)) {
            for (int i = 0; i < 20; i++) {
                three.ask();
            }
            assertThat(three.requests(1)).isEqualTo(20);
        }
    }

    @Test
    void weightsShareOutWhatOnePriorityGets() throws Exception {
        try (Upstreams three =
                new Upstreams("", List.of("weight: 1", "weight: 3", "priority: 2, weight: 100"), GOOD, GOOD, GOOD)) {
            int exchanges = 800;
            for (int i = 0; i < exchanges; i++) {
                three.ask();
            }
            assertThat(three.requests(2)).isZero();
            // The chance of being five standard deviations (12.2 each) away is one in a million.
            assertThat(three.requests(0)).isBetween(exchanges / 4 - 62, exchanges / 4 + 62);
            assertThat(three.requests(0) + three.requests(1)).isEqualTo(exchanges);
        }
    }

    @ParameterizedTest
    @CsvSource({"429,retry-after: 60", "503,retry-after-ms: 60000", "429,x-nothing: 1"})
    void anUpstreamThatAsksForItIsLeftAlone(int status, String field) throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond("", (request, call) -> call.json(status, "{}", field), GOOD)) {
            for (int i = 0; i < 5; i++) {
                assertThat(two.ask().status()).isEqualTo(200);
            }
            assertThat(two.requests(0)).as("asked once, then left alone").isEqualTo(1);
        }
    }

    @Test
    void itIsCalledAgainWhenTheTimeIsOver() throws Exception {
        AtomicBoolean well = new AtomicBoolean();
        try (Upstreams two = Upstreams.firstThenSecond(
                "",
                (request, call) -> {
                    if (well.get()) {
                        call.json(200, "{}");
                    } else {
                        call.json(429, "{}", "retry-after-ms: 300");
                    }
                },
                GOOD)) {
            two.ask();
            well.set(true);
            await().until(() -> {
                two.ask();
                return two.requests(0) > 1;
            });
            int seconds = two.requests(1);
            two.ask();
            assertThat(two.requests(1)).as("the first is back for good").isEqualTo(seconds);
        }
    }

    @Test
    void whenAllAreLeftAloneTheCallerIsToldHowLong() throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond(
                "retry: { attempts: 2 },",
                (request, call) -> call.json(429, "{\"from\":1}", "retry-after: 20"),
                (request, call) -> call.json(503, "{\"from\":2}", "retry-after: 7"))) {
            RawCaller.Answer last = two.ask();
            assertThat(last.body()).as("the last answer passes as it is").isEqualTo("{\"from\":2}");
            assertThat(last.field("retry-after")).isEqualTo("7");
            RawCaller.Answer told = two.ask();
            assertThat(told.status()).isEqualTo(503);
            assertThat(told.field("x-ms-error-code")).isEqualTo("ServiceUnavailable");
            assertThat(Integer.parseInt(told.field("retry-after")))
                    .as("the shorter wait")
                    .isBetween(5, 7);
            assertThat(Integer.parseInt(told.field("retry-after-ms"))).isBetween(5_000, 7_000);
            assertThat(two.requests(0) + two.requests(1))
                    .as("nobody was asked again")
                    .isEqualTo(2);
        }
    }

    @Test
    void aSingleUpstreamIsAlwaysAsked() throws Exception {
        try (Pair pair = new Pair((request, call) -> call.json(429, "{}", "retry-after: 60"))) {
            assertThat(pair.caller.chat(BODY).read().field("retry-after")).isEqualTo("60");
            assertThat(pair.caller.chat(BODY).read().status()).isEqualTo(429);
            assertThat(pair.upstream.waiting()).isEqualTo(2);
        }
    }
}
