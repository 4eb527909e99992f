package headgate.filters.content.judge;

import headgate.conf.JudgeConfig;
import headgate.filters.content.Judge;
import headgate.filters.fetch.Fetcher;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The judges that a configuration names. Immutable. */
public final class Judges {
    private final Map<String, ServiceJudge> judges = new LinkedHashMap<>();

    /** How TLS is spoken with a service that these authorities vouch for; null for the system's. */
    public interface Trust {
        /** The context, which stays whose it is. */
        SslContext trusting(@Nullable Path authorities) throws SSLException;
    }

    /**
     * Makes the judges ready.
     *
     * @param before whose judges go on where they are the same, with what they remember; null for none
     * @throws SSLException if a file of authorities cannot be used
     */
    public Judges(Map<String, JudgeConfig> configs, Trust trust, @Nullable Judges before) throws SSLException {
        for (JudgeConfig config : configs.values()) {
            boolean https = "https".equalsIgnoreCase(config.url().getScheme());
            SslContext tls = https ? trust.trusting(config.ca()) : null;
            ServiceJudge known = before == null ? null : before.judges.get(config.name());
            judges.put(
                    config.name(),
                    known != null && known.is(config, tls) ? known : new ServiceJudge(config, dialect(config), tls));
        }
    }

    /** Has them asked from now on by this fetcher, which should keep its connections. */
    public void start(Fetcher fetcher) {
        judges.values().forEach(judge -> judge.start(fetcher));
    }

    /** The judges by name. */
    public Map<String, Judge> all() {
        return Map.copyOf(judges);
    }

    /** What became of the questions to each. */
    public Map<String, JudgeCounters> counters() {
        Map<String, JudgeCounters> counters = new LinkedHashMap<>();
        judges.forEach((name, judge) -> counters.put(name, judge.counters()));
        return counters;
    }

    private static Dialect dialect(JudgeConfig config) {
        return switch (config.kind()) {
            case CONTENT_SAFETY -> new ContentSafetyDialect(config.credential());
            case MODERATION -> new ModerationDialect(config.credential(), config.model());
            case WEBHOOK -> new WebhookDialect(config.credential());
        };
    }
}
