package headgate.conf;

import java.util.List;

/**
 * How callers are known beside their keys.
 *
 * @param issuers whose tokens are taken; empty when none are
 * @param tokens the bounds on tokens
 */
public record IdentityConfig(List<IssuerConfig> issuers, TokensConfig tokens) {}
