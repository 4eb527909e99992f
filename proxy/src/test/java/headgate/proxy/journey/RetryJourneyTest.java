package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a call is made again, and when it must not be. */
class RetryJourneyTest {
    private static final ScriptedUpstream.Script GOOD = (request, call) -> call.json(200, "{\"from\":\"second\"}");

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void aRefusalThatCanPassIsTriedElsewhere(int status) throws Exception {
        try (Upstreams two =
                Upstreams.firstThenSecond("", (request, call) -> call.json(status, "{\"from\":\"first\"}"), GOOD)) {
            RawCaller.Answer answer = two.ask();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"from\":\"second\"}");
            assertThat(two.requests(0)).isEqualTo(1);
            assertThat(two.all.get(0).next().body())
                    .isEqualTo(two.all.get(1).next().body());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 408, 422, 501})
    void anyOtherRefusalIsTheAnswer(int status) throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond("", (request, call) -> call.json(status, "{}"), GOOD)) {
            assertThat(two.ask().status()).isEqualTo(status);
            assertThat(two.requests(1)).isZero();
        }
    }

    @Test
    void theConfigurationSaysWhichStatusesAreTriedElsewhere() throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond(
                "retry: { statuses: [418] },",
                (request, call) -> call.json(Integer.parseInt(request.field("x-status")), "{}"),
                GOOD)) {
            assertThat(two.caller.chat(BODY, "x-status: 418").read().status()).isEqualTo(200);
            assertThat(two.caller.chat(BODY, "x-status: 500").read().status()).isEqualTo(500);
        }
    }

    @Test
    void oneAttemptMeansNoRetry() throws Exception {
        try (Upstreams two =
                Upstreams.firstThenSecond("retry: { attempts: 1 },", (request, call) -> call.json(500, "{}"), GOOD)) {
            assertThat(two.ask().status()).isEqualTo(500);
            assertThat(two.requests(1)).isZero();
        }
    }

    @Test
    void attemptsAreBoundAndTheLastAnswerIsTheCallers() throws Exception {
        ScriptedUpstream.Script bad = (request, call) -> call.json(500, "{}");
        try (Upstreams four = new Upstreams(
                "retry: { attempts: 3 },",
                List.of("priority: 1", "priority: 2", "priority: 3", "priority: 4"),
                bad,
                bad,
                (request, call) -> call.json(502, "{\"last\":1}"),
                GOOD)) {
            RawCaller.Answer answer = four.ask();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).isEqualTo("{\"last\":1}");
            assertThat(four.requests(3)).as("a fourth attempt").isZero();
        }
    }

    @Test
    void retriesAreBoundByABudget() throws Exception {
        AtomicInteger first = new AtomicInteger();
        try (Upstreams two = Upstreams.firstThenSecond(
                "retry: { budgetPercent: 10, budgetMinPerSecond: 0 },",
                (request, call) -> {
                    first.incrementAndGet();
                    call.json(500, "{}");
                },
                GOOD)) {
            for (int i = 0; i < 40; i++) {
                two.ask();
            }
            assertThat(first).hasValue(40);
            assertThat(two.requests(1)).as("one retry for ten exchanges").isEqualTo(4);
        }
    }

    @Test
    void noBudgetMeansNoRetry() throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond(
                "retry: { budgetPercent: 0, budgetMinPerSecond: 0 },", (request, call) -> call.json(500, "{}"), GOOD)) {
            assertThat(two.ask().status()).isEqualTo(500);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUpstreamThatCannotBeConnectedIsPassedOverIfTheConfigurationSaysSo(boolean passedOver) throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond("retry: { connectFailures: " + passedOver + " },", GOOD, GOOD)) {
            two.all.get(0).refuse();
            assertThat(two.ask().status()).isEqualTo(passedOver ? 200 : 502);
            assertThat(two.requests(1)).isEqualTo(passedOver ? 1 : 0);
        }
    }

    @Test
    void anUpstreamThatGoesBeforeItAnswersIsTriedElsewhere() throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond("", (request, call) -> call.reset(), GOOD)) {
            assertThat(two.ask().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeptConnectionThatClosesIsReplacedByAFreshOne(boolean reset) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (Pair pair = new Pair((request, call) -> {
            if (requests.incrementAndGet() == 2) {
                if (reset) {
                    call.reset();
                } else {
                    call.socket().close();
                }
            } else {
                call.json(200, "{}");
            }
        })) {
            assertThat(pair.caller.chat(BODY).read().status()).isEqualTo(200);
            assertThat(pair.caller.chat(BODY).read().status())
                    .as("nobody knows whether the closing crossed the request")
                    .isEqualTo(200);
            assertThat(requests).hasValue(3);
            assertThat(pair.upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void thereIsNoSecondAttemptOnceTheAnswerHasBegun() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (Upstreams two = Upstreams.firstThenSecond(
                "",
                (request, call) -> {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nha");
                    read.await();
                    call.reset();
                },
                GOOD)) {
            two.caller.chat(BODY).readHead();
            assertThat(two.caller.readBytes(2)).asString().isEqualTo("ha");
            read.countDown();
            assertThat(two.caller.restUntilClose()).as("short").isEmpty();
            assertThat(two.requests(1)).isZero();
        }
    }

    @Test
    void thereIsNoSecondAttemptWithABodyThatStreamed() throws Exception {
        try (Upstreams two =
                Upstreams.firstThenSecond("", (request, call) -> call.json(503, "{\"from\":\"first\"}"), GOOD)) {
            String body = "{\"model\":\"gpt\",\"messages\":\"" + "x".repeat(2 << 20) + "\"}";
            RawCaller.Answer answer = two.caller.chat(body).read();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("{\"from\":\"first\"}");
            assertThat(two.requests(1)).isZero();
        }
    }

    @Test
    void aLongRefusalIsNotReadToItsEnd() throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond(
                "",
                (request, call) -> {
                    call.send("HTTP/1.1 500 No\r\ncontent-length: 100000000\r\n\r\n");
                    call.out().write(new byte[200_000]);
                    assertThat(call.awaitClosed(20_000)).isTrue();
                },
                GOOD)) {
            assertThat(two.ask().status()).isEqualTo(200);
            assertThat(two.all.get(0).awaitAllClosed()).isTrue();
        }
    }

    @Test
    void aShortRefusalLeavesItsConnectionInUse() throws Exception {
        try (Upstreams two = Upstreams.firstThenSecond("", (request, call) -> call.json(500, "{}"), GOOD)) {
            two.ask();
            two.ask();
            two.ask();
            assertThat(two.all.get(0).connections()).isEqualTo(1);
        }
    }
}
