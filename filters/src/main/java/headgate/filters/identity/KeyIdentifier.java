package headgate.filters.identity;

import headgate.conf.GatewayConfig;
import headgate.filters.Exchange;
import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import headgate.filters.identity.RememberedKeys.Memory;
import headgate.filters.redis.RedisLink;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by their keys: those of the configuration first, then those in Redis, the remembered ones before it is asked.
 *
 * <p>Only what is neither remembered nor impossible makes Redis be asked: a source that fails too often is refused before
 * that, and a text that is no key of ours cannot be there. Sources are shared (a company behind one address), so one that
 * fails too often still passes with a key this node knows: that costs a hash and no more. Safe for all event loops.
 */
public final class KeyIdentifier implements Identifier {
    private static final long AWAY_RETRY_MS = 1000;

    private final ApiKeys configured;
    private final boolean disabled;
    private final FailedAttempts failures;
    private final @Nullable RememberedKeys shared;

    /**
     * The keys of one configuration.
     *
     * @param redis where keys are beside those; null without
     */
    public KeyIdentifier(GatewayConfig config, FailedAttempts failures, @Nullable RedisLink redis) {
        this(config, failures, redis, null);
    }

    /**
     * The keys of a configuration that takes another one's place.
     *
     * @param redis where keys are beside those; null without
     * @param before what remembers keys of Redis already; null for nothing
     */
    public KeyIdentifier(
            GatewayConfig config, FailedAttempts failures, @Nullable RedisLink redis, @Nullable KeyIdentifier before) {
        this.configured = new ApiKeys(config.keys());
        this.disabled = config.identity().disableLocalAuth();
        this.failures = failures;
        if (redis == null) {
            this.shared = null;
        } else if (before != null && before.shared != null && before.shared.isBoundBy(config.identity())) {
            this.shared = before.shared;
        } else {
            this.shared = new RememberedKeys(new RedisKeyTable(redis), config.identity());
        }
    }

    @Override
    public void identify(Exchange exchange, byte[] credential, Finding finding) {
        if (disabled) {
            finding.unknown(ProxyError.of(
                    Kind.AUTHENTICATION_TYPE_DISABLED, "Key based authentication is disabled for this resource."));
            return;
        }
        KeyHash hash = KeyHash.of(credential);
        ApiKey key = configured.find(hash);
        Memory memory = key == null && shared != null ? shared.find(hash) : null;
        if (key != null || memory != null || shared == null || !KeyText.isOne(credential)) {
            judge(exchange, key == null && memory != null ? memory.key() : key, finding);
            return;
        }
        Memory before = shared.findKnownBefore(hash);
        if (before == null && failures.exceeded(exchange.source())) {
            finding.unknown(failures.refusal());
            return;
        }
        shared.ask(hash)
                .whenComplete((answer, error) -> exchange.downstream()
                        .loop()
                        .execute(() -> answered(exchange, error == null ? answer : before, finding)));
    }

    /**
     * Stops looking after the keys in Redis, unless the next one does.
     *
     * @param next null for none
     */
    public void close(@Nullable KeyIdentifier next) {
        if (shared != null && (next == null || next.shared != shared)) {
            shared.close();
        }
    }

    /** What callers without a valid key are told. */
    static ProxyError invalid() {
        return ProxyError.of(
                Kind.INVALID_KEY,
                "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid"
                        + " key for an active subscription and use a correct regional API endpoint for your resource.");
    }

    /** A key that may be good and cannot be asked for is not called wrong: its owner would throw it away. */
    private static void answered(Exchange exchange, @Nullable Memory memory, Finding finding) {
        if (memory == null) {
            finding.unknown(ProxyError.retryLater(
                    Kind.UNAVAILABLE, "Whose key this is cannot be found out at the moment.", AWAY_RETRY_MS));
        } else {
            judge(exchange, memory.key(), finding);
        }
    }

    private static void judge(Exchange exchange, @Nullable ApiKey key, Finding finding) {
        SocketAddress source = exchange.source();
        if (key == null || !key.holds(source)) {
            finding.unknown(invalid());
        } else {
            finding.known(key.principal());
        }
    }
}
