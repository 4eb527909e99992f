package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.RateLimitConfig.Mode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuotaConfigTest {
    @Test
    void without_a_word_nothing_is_limited() throws ConfigException {
        GatewayConfig config = load("a: { upstreams: [{ url: http://h }] }", "");

        assertThat(quota(config))
                .isEqualTo(new QuotaConfig(RateLimitConfig.NONE, RateLimitConfig.NONE, Mode.ENFORCE, 0, null));
        assertThat(config.principalLimits())
                .isEqualTo(new PrincipalLimitsConfig(
                        RateLimitConfig.NONE, Map.of(), Mode.ENFORCE, 65_536, PrincipalLimitsConfig.Outage.CLOSED));
        assertThat(config.principalLimits().of("anybody")).isEqualTo(RateLimitConfig.NONE);
    }

    @Test
    void every_key_reaches_its_own_component() throws ConfigException {
        GatewayConfig config = load("""
                a:
                  upstreams: [{ url: http://h }]
                  sku: { name: DataZoneProvisionedManaged, capacity: 7 }
                  rateLimit: { requestsPerMinute: 1, tokensPerMinute: 2, tokensPerDay: 3, spendPerDay: 4, concurrent: 5,
                    mode: shadow, tokensPerUnit: 11,
                    perPrincipal: { requestsPerMinute: 6, tokensPerMinute: 7, tokensPerDay: 8, spendPerDay: 9, concurrent: 10 } }
                  prices: { input: 12, cached: 13, output: 14 }
                """, """
                rateLimits:
                  perPrincipal: { requestsPerMinute: 15 }
                  principals: { app: { concurrent: 16 } }
                  mode: shadow
                  accounts: 17
                """);

        assertThat(quota(config))
                .isEqualTo(new QuotaConfig(
                        new RateLimitConfig(1, 2, 3, 4, 5),
                        new RateLimitConfig(6, 7, 8, 9, 10),
                        Mode.SHADOW,
                        77,
                        new PricesConfig(12, 13, 14)));
        PrincipalLimitsConfig principals = config.principalLimits();
        assertThat(principals.of("anybody")).isEqualTo(new RateLimitConfig(15, 0, 0, 0, 0));
        assertThat(principals.of("app")).isEqualTo(new RateLimitConfig(0, 0, 0, 0, 16));
        assertThat(principals.mode()).isEqualTo(Mode.SHADOW);
        assertThat(principals.accountsMax()).isEqualTo(17);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sku: { name: Standard, capacity: 450 } | 2700 | 450000",
                "sku: { name: DeveloperTier, capacity: 1 } | 6 | 1000",
                "sku: { name: GlobalStandard, capacity: 5 }, rateLimit: { tokensPerMinute: 100 } | 1 | 100",
                "sku: { name: GlobalStandard, capacity: 5 }, rateLimit: { requestsPerMinute: 9 } | 9 | 5000",
                "sku: { name: GlobalBatch, capacity: 5 } | 0 | 0",
                "sku: { name: ProvisionedManaged, capacity: 5 } | 0 | 0",
                "rateLimit: { tokensPerMinute: 1000 } | 0 | 1000"
            })
    void what_is_not_written_follows_from_the_sku(String deployment, long requests, long tokens)
            throws ConfigException {
        GatewayConfig config = load("a: { upstreams: [{ url: http://h }], " + deployment + " }", "");
        assertThat(quota(config).all()).isEqualTo(new RateLimitConfig(requests, tokens, 0, 0, 0));
    }

    @Test
    void a_cached_token_costs_as_much_as_another_unless_it_has_a_price() throws ConfigException {
        GatewayConfig config = load("a: { upstreams: [{ url: http://h }], prices: { input: 5, output: 0 } }", "");
        assertThat(quota(config).prices()).isEqualTo(new PricesConfig(5, 5, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0",
        "1, 0, 0, 3",
        "100, 60, 20, 320",
        "100, 500, 0, 100",
        "-1, -1, -1, 0",
        "9000000000000000000, 0, 9000000000000000000, 10500000000"
    })
    void a_cost_is_rounded_up_and_never_overflows(long prompt, long cached, long completion, long cost) {
        PricesConfig prices = new PricesConfig(2_500_000, 1_000_000, 8_000_000);
        assertThat(prices.cost(prompt, cached, completion)).isEqualTo(cost);
    }

    private static QuotaConfig quota(GatewayConfig config) {
        return Objects.requireNonNull(config.deployments().get("a")).quota();
    }

    private static GatewayConfig load(String deployments, String more) throws ConfigException {
        String yaml = "deployments:\n" + deployments.indent(2) + more;
        return ConfigLoader.load(yaml, Path.of("test.yaml").toAbsolutePath(), Map.of());
    }
}
