package headgate.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.filters.Deployment;
import headgate.filters.api.ProxyError;
import headgate.filters.identity.FailedAttempts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which endpoint is next: by priority, then by weight, and not one that cools down. */
final class RouteTest {
    private static final long NOW = 1_000_000_000L;

    @Test
    void theLowestPriorityIsTriedFirstAndTheNextOneWhenItWasTried() throws ProxyError {
        Route route = route("{ url: \"http://b:1\", priority: 2 }, { url: \"http://a:1\", priority: 1 }");
        Set<Endpoint> tried = new HashSet<>();
        for (String expected : List.of("http://a:1", "http://b:1")) {
            Endpoint next = route.next(tried, NOW);
            assertThat(name(next)).isEqualTo(expected);
            tried.add(next);
        }
        assertThat(route.next(tried, NOW)).as("all were tried").isNull();
    }

    @Test
    void oneThatCoolsDownIsPassedOverUntilItsTime() throws ProxyError {
        Route route = route("{ url: \"http://a:1\" }, { url: \"http://b:1\", priority: 2 }");
        EndpointHealth health = route.endpoints().get(0).health();
        health.coolDown(100, NOW);
        assertThat(name(route.next(Set.of(), NOW + 99))).isEqualTo("http://b:1");
        assertThat(name(route.next(Set.of(), NOW + 100))).isEqualTo("http://a:1");
        health.coolDown(1000, NOW + 100);
        health.recovered();
        assertThat(name(route.next(Set.of(), NOW + 101))).as("it answered well").isEqualTo("http://a:1");
    }

    @Test
    void whenAllCoolDownTheCallerIsToldTheShortestWait() throws ProxyError {
        Route route = route("{ url: \"http://a:1\" }, { url: \"http://b:1\", priority: 2 }");
        route.endpoints().get(0).health().coolDown(TimeUnit.MILLISECONDS.toNanos(5000), NOW);
        route.endpoints().get(1).health().coolDown(TimeUnit.MILLISECONDS.toNanos(2500) + 1, NOW);
        assertThatExceptionOfType(ProxyError.class)
                .isThrownBy(() -> route.next(Set.of(), NOW))
                .satisfies(error -> {
                    assertThat(error.status()).isEqualTo(503);
                    assertThat(error.fields())
                            .extracting(field -> field.value().toString())
                            .containsExactly("3", "2501");
                });
        Endpoint first = route.endpoints().get(0);
        assertThat(route.next(Set.of(first), NOW))
                .as("an exchange that was tried has another error to tell")
                .isNull();
    }

    @Test
    void aSingleEndpointIsAlwaysUsed() throws ProxyError {
        Route route = route("{ url: \"http://a:1\" }");
        route.endpoints().get(0).health().coolDown(Long.MAX_VALUE / 2, NOW);
        assertThat(name(route.next(Set.of(), NOW))).isEqualTo("http://a:1");
        assertThat(route.next(Set.copyOf(route.endpoints()), NOW)).isNull();
    }

    @Test
    void weightsShareOutWhatHasTheSamePriority() throws ProxyError {
        Route route = route(
                "{ url: \"http://a:1\", weight: 1 }, { url: \"http://b:1\", weight: 3 }, { url: \"http://c:1\", priority: 2 }");
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 4000; i++) {
            counts.merge(name(route.next(Set.of(), NOW)), 1, Integer::sum);
        }
        // Six standard deviations of a fair draw are 165.
        assertThat(counts).containsOnlyKeys("http://a:1", "http://b:1");
        assertThat(counts.get("http://a:1")).isBetween(835, 1165);
    }

    @Test
    void coolingDownIsMadeLongerButNotShorter() {
        EndpointHealth health = new EndpointHealth();
        assertThat(health.coolingNanos(NOW)).isZero();
        health.coolDown(100, NOW);
        health.coolDown(50, NOW);
        assertThat(health.coolingNanos(NOW)).isEqualTo(100);
        health.coolDown(200, NOW);
        assertThat(health.coolingNanos(NOW)).isEqualTo(200);
        assertThat(health.coolingNanos(NOW + 300)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE - 10, -10, Long.MIN_VALUE + 10})
    void theClockMayHaveAnyValue(long now) {
        EndpointHealth health = new EndpointHealth();
        health.coolDown(100, now);
        assertThat(health.coolingNanos(now)).isEqualTo(100);
        assertThat(health.coolingNanos(now + 100)).isZero();
    }

    @Test
    void anExchangeIsTriedAgainOnlyAsOftenAsItsAttempts() throws ProxyError {
        RetryRule rule =
                route("{ url: \"http://a:1\" }", "retry: { attempts: 2 }").retryRule();
        assertThat(rule.tryRetry(1, System.nanoTime())).isTrue();
        assertThat(rule.tryRetry(2, System.nanoTime())).isFalse();
    }

    @Test
    void theBudgetIsPaidByExchangesAndByTime() throws ProxyError {
        RetryRule rule = route("{ url: \"http://a:1\" }", "retry: { budgetPercent: 20, budgetMinPerSecond: 1 }")
                .retryRule();
        long now = System.nanoTime();
        while (rule.tryRetry(1, now)) {
            assertThat(now).isPositive();
        }
        for (int i = 0; i < 4; i++) {
            rule.exchangeBegins();
        }
        assertThat(rule.tryRetry(1, now))
                .as("four exchanges at 20 percent are not enough for one")
                .isFalse();
        rule.exchangeBegins();
        assertThat(rule.tryRetry(1, now)).as("five are").isTrue();
        assertThat(rule.tryRetry(1, now)).isFalse();
        assertThat(rule.tryRetry(1, now + TimeUnit.SECONDS.toNanos(1)))
                .as("one a second is free")
                .isTrue();
        assertThat(rule.tryRetry(1, now + TimeUnit.SECONDS.toNanos(1))).isFalse();
        int saved = 0;
        while (rule.tryRetry(1, now + TimeUnit.HOURS.toNanos(10))) {
            saved++;
        }
        assertThat(saved).as("an idle night is not saved up for a storm").isBetween(1, 10);
    }

    @Test
    void onlyWhatWasConfiguredIsTriedElsewhere() throws ProxyError {
        RetryRule rule = route("{ url: \"http://a:1\" }", "retry: { statuses: [429, 504], connectFailures: false }")
                .retryRule();
        assertThat(rule.covers(429)).isTrue();
        assertThat(rule.covers(500)).isFalse();
        assertThat(rule.covers(ProxyError.Kind.ANSWER_TIMEOUT)).isTrue();
        assertThat(rule.covers(ProxyError.Kind.BAD_ANSWER)).isFalse();
        assertThat(rule.covers(ProxyError.Kind.CONNECT_FAILED)).isFalse();
        assertThat(rule.covers(ProxyError.Kind.DOWNSTREAM_GONE)).isFalse();
    }

    private static String name(@Nullable Endpoint endpoint) {
        return endpoint == null ? "none" : endpoint.name();
    }

    private static Route route(String upstreams, String... more) {
        String yaml = "keys: { caller: a-key-of-the-caller }\ndeployments:\n  d:\n    upstreams: [" + upstreams + "]\n"
                + (more.length == 0 ? "" : "    " + more[0] + "\n");
        try {
            Gateway gateway = Gateway.of(
                    ConfigLoader.load(yaml, Path.of("test.yaml").toAbsolutePath(), Map.of()),
                    new FailedAttempts(1),
                    null);
            Deployment deployment = gateway.deployments().all().iterator().next();
            return gateway.routes().of(deployment);
        } catch (ConfigException | IOException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }
}
