package headgate.conf;

import java.time.Duration;
import java.util.List;

/**
 * How callers are known.
 *
 * @param disableLocalAuth whether all keys are refused; default false
 * @param keyOutageTime how long keys that are known from Redis go on while it does not answer; default 1 h
 * @param unknownKeyTime how long a key that Redis does not know is remembered as unknown; default 10 s
 * @param rememberedKeys how many keys are remembered from Redis, unknown ones included; default 100,000
 * @param failedAttempts how many attempts of one source may fail in a minute; default 600
 * @param issuers whose tokens are taken; empty when none are
 * @param tokens the bounds on tokens
 */
public record IdentityConfig(
        boolean disableLocalAuth,
        Duration keyOutageTime,
        Duration unknownKeyTime,
        int rememberedKeys,
        int failedAttempts,
        List<IssuerConfig> issuers,
        TokensConfig tokens) {}
