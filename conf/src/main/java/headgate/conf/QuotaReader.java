package headgate.conf;

import headgate.conf.PrincipalLimitsConfig.Outage;
import headgate.conf.RateLimitConfig.Mode;
import headgate.conf.yaml.AmountFormat;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.CountFormat;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.WordFormat;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much may be used: of a deployment, and by a caller. */
final class QuotaReader {
    private static final AmountFormat PER_MINUTE = new AmountFormat(1, 1_000_000_000);
    private static final AmountFormat PER_DAY = new AmountFormat(1, 1_000_000_000_000L);
    private static final CountFormat CONCURRENT = new CountFormat(1, 1_000_000);
    private static final AmountFormat PRICE = new AmountFormat(0, 1_000_000_000);
    private static final CountFormat UNIT_TOKENS = new CountFormat(1, 1_000_000);
    private static final CountFormat ACCOUNTS = new CountFormat(1, 10_000_000);
    private static final Format<Mode> MODE =
            new WordFormat<>(List.of(Mode.values()), mode -> mode.name().toLowerCase(Locale.ROOT));
    private static final Format<Outage> OUTAGE =
            new WordFormat<>(List.of(Outage.values()), outage -> outage.name().toLowerCase(Locale.ROOT));

    /** CONTRACT.md, section 1. */
    private static final long TOKENS_OF_CAPACITY = 1000;

    private static final long REQUESTS_OF_THOUSAND_TOKENS = 6;

    private QuotaReader() {}

    static QuotaConfig ofDeployment(Section deployment, @Nullable SkuConfig sku) {
        Section written = deployment.section("rateLimit");
        PricesConfig prices = prices(deployment.findSection("prices", "a map of input, cached and output"));
        RateLimitConfig all = withSku(limits(written), sku);
        Section perPrincipalWritten = written.section("perPrincipal");
        RateLimitConfig perPrincipal = limits(perPrincipalWritten);
        if (!deployment.holds("prices")) {
            refuseSpend(written);
            refuseSpend(perPrincipalWritten);
        }
        Mode mode = written.read("mode", MODE, Mode.ENFORCE);
        int unitTokens = written.read("tokensPerUnit", UNIT_TOKENS, 2500);
        long provisionedTokens = sku != null && sku.name().provisioned() ? (long) sku.capacity() * unitTokens : 0;
        return new QuotaConfig(all, perPrincipal, mode, provisionedTokens, prices);
    }

    static PrincipalLimitsConfig ofPrincipals(Section written, Bounds names) {
        RateLimitConfig each = limits(written.section("perPrincipal"));
        Map<String, RateLimitConfig> byName = new LinkedHashMap<>();
        Section principals = written.section("principals");
        for (String name : principals.names(GatewayReader.NAME, names)) {
            Section limits = principals.requireSection(name, "a map of limits");
            if (limits != null) {
                byName.put(name, limits(limits));
            }
        }
        return new PrincipalLimitsConfig(
                each,
                Collections.unmodifiableMap(byName),
                written.read("mode", MODE, Mode.ENFORCE),
                written.read("accounts", ACCOUNTS, 65_536),
                written.read("outage", OUTAGE, Outage.CLOSED));
    }

    private static RateLimitConfig limits(Section written) {
        return new RateLimitConfig(
                orNone(written.find("requestsPerMinute", PER_MINUTE)),
                orNone(written.find("tokensPerMinute", PER_MINUTE)),
                orNone(written.find("tokensPerDay", PER_DAY)),
                orNone(written.find("spendPerDay", PER_DAY)),
                (int) orNone(written.find("concurrent", CONCURRENT)));
    }

    private static RateLimitConfig withSku(RateLimitConfig written, @Nullable SkuConfig sku) {
        if (sku == null || !sku.name().standard()) {
            return written;
        }
        long tokens = written.tokensPerMinute() > 0 ? written.tokensPerMinute() : sku.capacity() * TOKENS_OF_CAPACITY;
        long requests = written.requestsPerMinute() > 0
                ? written.requestsPerMinute()
                : Math.max(1, tokens * REQUESTS_OF_THOUSAND_TOKENS / 1000);
        return new RateLimitConfig(
                requests, tokens, written.tokensPerDay(), written.spendPerDay(), written.concurrent());
    }

    private static @Nullable PricesConfig prices(@Nullable Section written) {
        if (written == null) {
            return null;
        }
        Long input = written.require("input", PRICE);
        Long output = written.require("output", PRICE);
        Long cached = written.find("cached", PRICE);
        return input == null || output == null
                ? null
                : new PricesConfig(input, cached == null ? input : cached, output);
    }

    private static void refuseSpend(Section limits) {
        if (limits.holds("spendPerDay") && limits.sound("spendPerDay")) {
            limits.refuse("spendPerDay", "a limit on what has no price", "prices of the deployment");
        }
    }

    private static long orNone(@Nullable Number limit) {
        return limit == null ? 0 : limit.longValue();
    }
}
