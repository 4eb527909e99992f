package headgate.conf;

import headgate.conf.RateLimitConfig.Mode;
import org.jspecify.annotations.Nullable;

/**
 * What may be used of a deployment.
 *
 * @param all by all callers together; what is not written follows from the SKU (CONTRACT.md, section 1)
 * @param perPrincipal by each caller
 * @param mode of both
 * @param provisionedTokensPerMinute what all throughput units of a provisioned SKU do together; 0 for another SKU
 * @param prices what tokens cost; null when that is not known
 */
public record QuotaConfig(
        RateLimitConfig all,
        RateLimitConfig perPrincipal,
        Mode mode,
        long provisionedTokensPerMinute,
        @Nullable PricesConfig prices) {}
