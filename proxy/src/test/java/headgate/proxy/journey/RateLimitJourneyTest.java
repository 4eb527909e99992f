package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.quota.QuotaStanding;
import headgate.filters.quota.QuotaUnit;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is refused, in which words, and for how long. */
class RateLimitJourneyTest {
    private static final ScriptedUpstream.Script GOOD = LimitedGateway.used(1, 1);

    @Test
    void aCallAboveTheLimitIsRefusedInTheWordsThatClientsMatchOn() throws Exception {
        try (LimitedGateway limited = new LimitedGateway("rateLimit: { requestsPerMinute: 1 }", GOOD)) {
            assertThat(limited.ask().status()).isEqualTo(200);

            RawCaller.Answer answer = limited.ask();

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.body())
                    .isEqualTo("{\"error\":{\"code\":\"RateLimitReached\",\"message\":\"Your requests to gpt for gpt-4o"
                            + " have exceeded the call rate limit of 1 requests per minute. Please retry after 61"
                            + " seconds.\",\"type\":\"rate_limit_error\"}}");
            assertThat(answer.field("content-type")).isEqualTo("application/json");
            assertThat(answer.field("x-ms-error-code")).isEqualTo("RateLimitReached");
            assertThat(answer.field("retry-after")).isEqualTo("61");
            assertThat(answer.field("retry-after-ms")).isEqualTo("61000");
            assertThat(answer.field("x-ratelimit-limit-requests")).isEqualTo("1");
            assertThat(answer.field("x-ratelimit-remaining-requests")).isEqualTo("0");
            assertThat(answer.field("x-ratelimit-reset-requests")).isEqualTo("61");
            assertThat(limited.upstream.next().line()).startsWith("POST");
            assertThat(limited.upstream.waiting())
                    .as("nothing of it reached the upstream")
                    .isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 400", "1500, 400", "59999, 400", "0, 1", "1500, 200"})
    void whoeverWaitsAsLongAsItIsToldSucceeds(long laterMs, int characters) throws Exception {
        try (LimitedGateway limited =
                new LimitedGateway("rateLimit: { tokensPerMinute: 100 }", LimitedGateway.used(60, 40))) {
            limited.pass(Duration.ofMillis(250));
            assertThat(limited.ask(400, "").status()).as("at the limit").isEqualTo(200);
            limited.pass(Duration.ofMillis(laterMs));

            RawCaller.Answer answer = limited.ask(characters, "");

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.body()).contains("have exceeded the token rate limit of 100 tokens per minute");
            assertThat(Integer.parseInt(answer.field("retry-after"))).isBetween(1, 61);
            limited.pass(Duration.ofMillis(Long.parseLong(answer.field("retry-after-ms")) - 1));
            assertThat(limited.ask(characters, "").status())
                    .as("a moment before")
                    .isEqualTo(429);
            limited.passMs("1");
            assertThat(limited.ask(characters, "").status()).isEqualTo(200);
        }
    }

    @Test
    void theCompletionThatWasAskedForIsReservedForEveryChoice() throws Exception {
        try (LimitedGateway limited = new LimitedGateway("rateLimit: { tokensPerMinute: 100 }", GOOD)) {
            assertThat(limited.ask(40, "\"max_tokens\":31,\"n\":3,").status())
                    .as("10 + 93")
                    .isEqualTo(400);
            assertThat(limited.ask(40, "\"max_tokens\":30,\"n\":3,").status())
                    .as("10 + 90")
                    .isEqualTo(200);
        }
    }

    @Test
    void aRequestThatCanNeverFitIsToldSoAndNotToRetry() throws Exception {
        try (LimitedGateway limited = new LimitedGateway("rateLimit: { tokensPerMinute: 100 }", GOOD)) {
            RawCaller.Answer answer = limited.ask(401, "");
            assertThat(answer.status()).as("clients try a 429 again").isEqualTo(400);
            assertThat(answer.field("x-ms-error-code")).isEqualTo("RequestAboveRateLimit");
            assertThat(answer.field("retry-after")).isEmpty();
            assertThat(answer.body()).contains("needs 101").contains("invalid_request_error");
            assertThat(answer.field("x-ratelimit-remaining-tokens")).isEqualTo("100");
            limited.expectUsed(0, 0);
        }
    }

    @Test
    void everyAnswerTellsWhereTheLimitsStand() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(
                "rateLimit: { requestsPerMinute: 10, tokensPerMinute: 100 }",
                (request, call) -> call.json(
                        Integer.parseInt(request.field("x-status")),
                        "{}",
                        "x-ratelimit-remaining-tokens: 987654",
                        "X-RateLimit-Limit-Requests: 987654",
                        "x-ratelimit-other: kept"))) {
            for (int status : new int[] {200, 404, 429, 500}) {
                RawCaller.Answer answer = limited.caller
                        .chat(Upstreams.BODY, "x-status: " + status)
                        .read();
                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.field("x-ratelimit-limit-requests")).isEqualTo("10");
                assertThat(answer.field("x-ratelimit-limit-tokens")).isEqualTo("100");
                assertThat(Integer.parseInt(answer.field("x-ratelimit-remaining-tokens")))
                        .isBetween(90, 100);
                assertThat(answer.field("x-ratelimit-reset-tokens")).isEqualTo("61");
                assertThat(answer.field("x-ratelimit-other")).isEqualTo("kept");
                assertThat(answer.head()).as("the upstream's own are replaced").doesNotContain("987654");
            }
            limited.upstream.refuse();
            RawCaller.Answer own =
                    limited.caller.chat(Upstreams.BODY, "x-status: 200").read();
            assertThat(own.status()).isEqualTo(502);
            assertThat(own.field("x-ratelimit-remaining-requests")).isEqualTo("5");
        }
    }

    @Test
    void whatIsRefusedBeforeLimitsAreLookedAtTellsNothingOfThemAndCostsNothing() throws Exception {
        try (LimitedGateway limited = new LimitedGateway("rateLimit: { requestsPerMinute: 10 }", GOOD)) {
            String request = RawCaller.chatRequest(Upstreams.BODY);
            for (String wrong : new String[] {
                request.replace(TestGateway.KEY, "a-key-of-nobody-at-all"), request.replace("[]}", "[}}")
            }) {
                try (RawCaller caller = new RawCaller(limited.gateway.port())) {
                    RawCaller.Answer refused = caller.send(wrong).read();
                    assertThat(refused.status()).isIn(400, 401);
                    assertThat(refused.head()).doesNotContain("x-ratelimit");
                }
            }
            limited.expectUsed(0, 0);
            assertThat(limited.ask().field("x-ratelimit-remaining-requests")).isEqualTo("9");
        }
    }

    @Test
    void withoutLimitsTheUpstreamsOwnFieldsPass() throws Exception {
        try (LimitedGateway free = new LimitedGateway(
                "retry: { attempts: 1 }",
                (request, call) -> call.json(200, "{}", "x-ratelimit-remaining-tokens: 987654"))) {
            assertThat(free.ask().field("x-ratelimit-remaining-tokens")).isEqualTo("987654");
            assertThat(free.gateway.server().quotas()).isEmpty();
        }
    }

    @Test
    void inShadowModeNobodyIsRefusedAndEverybodyCounted() throws Exception {
        try (LimitedGateway limited =
                new LimitedGateway("rateLimit: { requestsPerMinute: 1, tokensPerMinute: 1, mode: shadow }", GOOD)) {
            for (int i = 0; i < 3; i++) {
                assertThat(limited.ask(400, "").status()).isEqualTo(200);
            }
            assertThat(limited.used(QuotaUnit.REQUESTS)).isEqualTo(3);
            assertThat(limited.gateway.server().quotas())
                    .filteredOn(at -> at.unit() == QuotaUnit.REQUESTS)
                    .extracting(QuotaStanding::refused)
                    .containsExactly(2L);
        }
    }

    @Test
    void noMoreExchangesAreInProgressThanAllowed() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (LimitedGateway limited = new LimitedGateway("rateLimit: { concurrent: 1 }", (request, call) -> {
                    answer.await();
                    call.json(200, "{}");
                });
                RawCaller second = new RawCaller(limited.gateway.port())) {
            limited.caller.chat(Upstreams.BODY);
            limited.upstream.next();
            RawCaller.Answer refused = second.chat(Upstreams.BODY).read();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("limit of 1 concurrent requests");
            assertThat(refused.field("retry-after-ms")).isEqualTo("1000");
            answer.countDown();
            assertThat(limited.caller.read().status()).isEqualTo(200);
            limited.expectUsed(0, 0);
            assertThat(second.chat(Upstreams.BODY).read().status()).isEqualTo(200);
        }
    }

    @Test
    void whatTokensCostIsLimitedByTheDay() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(
                "prices: { input: 2000000, cached: 1000000, output: 8000000 }, rateLimit: { spendPerDay: 400 }",
                (request, call) -> call.json(
                        200,
                        "{\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,"
                                + "\"prompt_tokens_details\":{\"cached_tokens\":60}}}"))) {
            assertThat(limited.ask().status()).isEqualTo(200);
            limited.expectUsed(QuotaUnit.SPEND, 40 * 2 + 60 * 1 + 20 * 8);
            RawCaller.Answer refused = limited.ask(4, "\"max_tokens\":13,");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("spend limit of 400 micro-units per day");
            limited.passMs(refused.field("retry-after-ms"));
            assertThat(limited.ask(4, "\"max_tokens\":13,").status()).isEqualTo(200);
        }
    }

    @Test
    void provisionedCapacityIsRefusedAboveAHundredPercentUntilItIsBelowAgain() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(
                "sku: { name: GlobalProvisionedManaged, capacity: 2 }, rateLimit: { tokensPerUnit: 300 }",
                LimitedGateway.used(500, 160))) {
            assertThat(limited.ask().status()).isEqualTo(200);
            RawCaller.Answer refused = limited.ask();
            assertThat(refused.status()).as("110 %").isEqualTo(429);
            assertThat(refused.field("x-ratelimit-remaining-tokens")).isEqualTo("0");
            assertThat(Long.parseLong(refused.field("retry-after-ms"))).isBetween(5_900L, 6_101L);
            limited.passMs(refused.field("retry-after-ms"));
            assertThat(limited.ask().status()).isEqualTo(200);
        }
    }

    @Test
    void eachCallerHasItsOwnShareOfADeploymentAndOfAll() throws Exception {
        try (LimitedGateway limited = new LimitedGateway(
                        "rateLimit: { requestsPerMinute: 3, perPrincipal: { requestsPerMinute: 2 } }",
                        "principals: { other: { requestsPerMinute: 1 } }",
                        GOOD);
                RawCaller other = new RawCaller(limited.gateway.port())) {
            assertThat(limited.ask().status()).isEqualTo(200);
            assertThat(limited.ask().status()).isEqualTo(200);
            assertThat(limited.ask().body()).contains("call rate limit of 2 requests per minute of caller.");
            assertThat(askAs(other).status()).isEqualTo(200);
            assertThat(askAs(other).status()).isEqualTo(429);
            assertThat(limited.used(QuotaUnit.REQUESTS))
                    .as("refusals cost nothing")
                    .isEqualTo(3);
        }
    }

    @Test
    void aStandardSkuLimitsByItsCapacity() throws Exception {
        try (LimitedGateway limited = new LimitedGateway("sku: { name: Standard, capacity: 1 }", GOOD)) {
            RawCaller.Answer answer = limited.ask();
            assertThat(answer.field("x-ratelimit-limit-requests")).isEqualTo("6");
            assertThat(answer.field("x-ratelimit-limit-tokens")).isEqualTo("1000");
        }
    }

    private static RawCaller.Answer askAs(RawCaller other) throws IOException {
        String request = RawCaller.chatRequest(Upstreams.BODY).replace(TestGateway.KEY, LimitedGateway.OTHER_KEY);
        return other.send(request).read();
    }
}
