package headgate.filters.quota;

import static headgate.filters.quota.Ledgers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All or none of the limits, one settle for each reservation, and refusals that tell the truth. */
class LocalQuotaLedgerTest {
    @Test
    void aRefusalByOneLimitTakesNothingOfAnother() {
        Ledgers books = new Ledgers(
                "rateLimit: { requestsPerMinute: 2, tokensPerMinute: 100, perPrincipal: { tokensPerMinute: 50 } }",
                "perPrincipal: { requestsPerMinute: 1 }");
        Reservation first = books.open("d", "a");
        assertThat(books.reserve(first, 1, 40, 0)).isNull();
        assertThat(kind(books.reserve(books.open("d", "a"), 1, 11, 0))).isEqualTo(Kind.RATE_LIMITED);
        assertThat(kind(books.reserve(books.open("d", "a"), 1, 10, 0)))
                .as("the caller's one request over all deployments")
                .isEqualTo(Kind.RATE_LIMITED);

        assertThat(books.used("d", "", QuotaUnit.REQUESTS)).isEqualTo(1);
        assertThat(books.used("d", "", QuotaUnit.TOKENS)).isEqualTo(40);
        assertThat(books.used("d", "a", QuotaUnit.TOKENS)).isEqualTo(40);
        assertThat(books.reserve(books.open("d", "b"), 1, 50, 0)).isNull();
        assertThat(books.used("d", "", QuotaUnit.TOKENS)).isEqualTo(90);
    }

    @Test
    void whoeverWaitsAsLongAsItIsToldHasRoomInEveryLimit() {
        Ledgers books = new Ledgers("rateLimit: { requestsPerMinute: 2, tokensPerMinute: 100 }", "");
        books.ledger.settle(reserved(books, 1, 90), 1, 90, 0);
        books.pass(20 * SECOND);
        books.ledger.settle(reserved(books, 1, 10), 1, 10, 0);
        books.pass(SECOND / 3);

        ProxyError why = Objects.requireNonNull(books.reserve(books.open("d", "a"), 1, 95, 0));

        long ms = Long.parseLong(field(why, "retry-after-ms"));
        assertThat(why.getMessage())
                .isEqualTo("Your requests to d for d have exceeded the token rate limit of 100 tokens per minute."
                        + " Please retry after " + field(why, "retry-after") + " seconds.");
        assertThat(ms).isEqualTo(60_667);
        assertThat(field(why, "retry-after")).isEqualTo("61");
        books.pass((ms - 1) * 1_000_000);
        assertThat(books.reserve(books.open("d", "a"), 1, 95, 0)).isNotNull();
        books.pass(1_000_000);
        assertThat(books.reserve(books.open("d", "a"), 1, 95, 0)).isNull();
    }

    @Test
    void aDemandThatCanNeverFitIsToldSoEvenWhenThereIsNoRoomForOthersEither() {
        Ledgers books = new Ledgers("rateLimit: { requestsPerMinute: 1, tokensPerMinute: 100 }", "");
        assertThat(books.reserve(books.open("d", "a"), 1, 100, 0))
                .as("at the limit")
                .isNull();
        ProxyError why = Objects.requireNonNull(books.reserve(books.open("d", "a"), 1, 101, 0));
        assertThat(why.kind()).isEqualTo(Kind.ABOVE_RATE_LIMIT);
        assertThat(why.status()).isEqualTo(400);
        assertThat(why.fields()).isEmpty();
        assertThat(why.getMessage()).contains("needs 101").contains("limit of 100 tokens per minute");
    }

    @Test
    void concurrentExchangesAreCountedUntilTheyAreSettled() {
        Ledgers books = new Ledgers("rateLimit: { concurrent: 2 }", "perPrincipal: { concurrent: 1 }");
        Reservation first = books.open("d", "a");
        assertThat(books.reserve(first, 1, 1, 0)).isNull();
        ProxyError why = Objects.requireNonNull(books.reserve(books.open("d", "a"), 1, 1, 0));
        assertThat(why.getMessage()).contains("limit of 1 concurrent requests of a");
        assertThat(field(why, "retry-after-ms")).isEqualTo("1000");
        assertThat(books.reserve(books.open("d", "b"), 1, 1, 0)).isNull();
        assertThat(books.reserve(books.open("d", "c"), 1, 1, 0)).isNotNull();

        books.ledger.settle(first, 1, 1, 0);
        books.ledger.settle(first, 1, 1, 0);
        assertThat(books.used("d", "", QuotaUnit.CONCURRENT)).isEqualTo(1);
        assertThat(books.reserve(books.open("d", "a"), 1, 1, 0)).isNull();
    }

    @Test
    void inShadowModeEverythingPassesAndIsCounted() {
        Ledgers books = new Ledgers("rateLimit: { requestsPerMinute: 1, concurrent: 1, mode: shadow }", "");
        assertThat(books.reserve(books.open("d", "a"), 1, 1, 0)).isNull();
        assertThat(books.reserve(books.open("d", "a"), 1, 1, 0)).isNull();
        assertThat(books.used("d", "", QuotaUnit.REQUESTS)).isEqualTo(2);
        assertThat(books.ledger.standings()).allMatch(at -> at.refused() == 1).hasSize(2);
    }

    @Test
    void inShadowModeEvenWhatCannotBeCountedPasses() {
        Ledgers books = new Ledgers("rateLimit: { concurrent: 1, mode: shadow }", "", 1);
        assertThat(books.reserve(books.open("d", "a"), 1, 1, 0)).isNull();
        assertThat(books.reserve(books.open("e", "a"), 1, 1, 0)).isNull();
        assertThat(books.ledger.standings()).hasSize(1);
    }

    @Test
    void aDeploymentInShadowModeDoesNotSwitchOffTheCallersOwnLimit() {
        Ledgers books = new Ledgers(
                "rateLimit: { requestsPerMinute: 1, mode: shadow }", "principals: { a: { requestsPerMinute: 1 } }");
        assertThat(books.reserve(books.open("d", "a"), 1, 1, 0)).isNull();
        assertThat(books.reserve(books.open("e", "a"), 1, 1, 0)).isNotNull();
        assertThat(books.reserve(books.open("d", "b"), 1, 1, 0)).isNull();
        assertThat(books.used("d", "", QuotaUnit.REQUESTS)).isEqualTo(2);
    }

    @Test
    void theStandardSkuGivesTheLimits() {
        Ledgers books = new Ledgers("sku: { name: GlobalStandard, capacity: 2 }", "");
        assertThat(books.reserve(books.open("d", "a"), 1, 1, 0)).isNull();
        assertThat(books.ledger.standings())
                .extracting(QuotaStanding::unit, QuotaStanding::limit)
                .containsExactlyInAnyOrder(tuple(QuotaUnit.REQUESTS, 12L), tuple(QuotaUnit.TOKENS, 2000L));
    }

    @Test
    void provisionedCapacityAdmitsUntilItIsUtilized() {
        Ledgers books =
                new Ledgers("sku: { name: ProvisionedManaged, capacity: 3 }, rateLimit: { tokensPerUnit: 200 }", "");
        assertThat(books.reserve(books.open("d", "a"), 1, 700, 0)).isNull();
        ProxyError why = Objects.requireNonNull(books.reserve(books.open("d", "a"), 1, 1, 0));
        assertThat(why.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(why.getMessage()).contains("token rate limit of its provisioned 600 tokens per minute");
        assertThat(field(why, "retry-after-ms")).isEqualTo("10001");
        books.pass(10_001_000_000L);
        assertThat(books.reserve(books.open("d", "a"), 1, 5000, 0)).isNull();
    }

    @Test
    void fieldsTellTheTightestLimitAndNeverANegativeNumber() {
        Ledgers books = new Ledgers(
                "rateLimit: { requestsPerMinute: 10, tokensPerMinute: 100, perPrincipal: { tokensPerMinute: 60 } }",
                "");
        Reservation reserved = books.open("d", "a");
        assertThat(books.reserve(reserved, 1, 20, 0)).isNull();
        books.pass(SECOND / 2);
        assertThat(fields(books, reserved))
                .containsExactly(
                        "x-ratelimit-limit-requests 10",
                        "x-ratelimit-remaining-requests 9",
                        "x-ratelimit-reset-requests 61",
                        "x-ratelimit-limit-tokens 60",
                        "x-ratelimit-remaining-tokens 40",
                        "x-ratelimit-reset-tokens 61");
        books.ledger.settle(reserved, 1, 1000, 0);
        assertThat(fields(books, reserved)).contains("x-ratelimit-remaining-tokens 0");
    }

    @Test
    void countsOfIdleCallersMakeRoomAndThoseInUseDoNot() {
        Ledgers books = new Ledgers("rateLimit: { perPrincipal: { tokensPerMinute: 10 } }", "", 8);
        for (int caller = 0; caller < 8; caller++) {
            Reservation reserved = books.open("d", "c" + caller);
            assertThat(books.reserve(reserved, 1, 10, 0)).isNull();
            if (caller > 0) {
                books.ledger.settle(reserved, 1, 10, 0);
            }
        }
        ProxyError why = Objects.requireNonNull(books.reserve(books.open("d", "c8"), 1, 10, 0));
        assertThat(why.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(books.ledger.standings()).hasSize(8);

        books.pass(61 * SECOND);
        for (int caller = 8; caller < 1000; caller++) {
            Reservation reserved = books.open("d", "c" + caller);
            assertThat(books.reserve(reserved, 1, 10, 0)).as("caller " + caller).isNull();
            books.ledger.settle(reserved, 1, 0, 0);
            assertThat(books.ledger.standings()).hasSizeLessThanOrEqualTo(8);
        }
        assertThat(books.ledger.standings())
                .as("the exchange in progress keeps its count")
                .anyMatch(at -> at.principal().equals("c0"));
    }

    @Test
    void anotherConfigurationsLimitsHoldForWhatIsCountedAlready() {
        Ledgers before = new Ledgers("rateLimit: { tokensPerMinute: 100, requestsPerMinute: 5 }", "");
        Ledgers after = new Ledgers("rateLimit: { tokensPerMinute: 60, concurrent: 2 }", "");
        Reservation first = before.open("d", "a");
        assertThat(before.reserve(first, 1, 50, 0)).isNull();

        Reservation second = after.open("d", "a");
        assertThat(before.reserve(after.open("d", "a"), 1, 11, 0)).isNotNull();
        assertThat(before.reserve(second, 1, 10, 0)).isNull();
        assertThat(before.reserve(after.open("d", "a"), 1, 0, 0))
                .as("two are in progress")
                .isNotNull();

        before.ledger.settle(first, 1, 20, 0);
        assertThat(before.used("d", "", QuotaUnit.TOKENS)).isEqualTo(30);
        assertThat(before.ledger.standings()).extracting(QuotaStanding::limit).containsExactly(60L, 2L);
    }

    private static Reservation reserved(Ledgers books, long requests, long tokens) {
        Reservation reservation = books.open("d", "a");
        assertThat(books.reserve(reservation, requests, tokens, 0)).isNull();
        return reservation;
    }

    private static List<String> fields(Ledgers books, Reservation reservation) {
        List<String> lines = new ArrayList<>();
        books.ledger.fields(reservation).forEach(field -> lines.add(field.name() + " " + field.value()));
        return lines;
    }

    private static @Nullable Kind kind(@Nullable ProxyError error) {
        return error == null ? null : error.kind();
    }

    private static String field(ProxyError error, String name) {
        return error.fields().stream()
                .filter(field -> field.name().toString().equals(name))
                .map(field -> field.value().toString())
                .findFirst()
                .orElseThrow();
    }
}
