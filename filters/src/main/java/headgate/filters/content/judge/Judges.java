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
     * Makes the judges ready; none is asked before somebody has a question.
     *
     * @param fetcher that asks them; it should keep its connections
     * @throws SSLException if a file of authorities cannot be used
     */
    public Judges(Map<String, JudgeConfig> configs, Trust trust, Fetcher fetcher) throws SSLException {
        for (JudgeConfig config : configs.values()) {
            boolean https = "https".equalsIgnoreCase(config.url().getScheme());
            judges.put(
                    config.name(),
                    new ServiceJudge(config, dialect(config), fetcher, https ? trust.trusting(config.ca()) : null));
        }
    }

    /** The judge of this name. */
    public Judge judge(String name) {
        return require(name);
    }

    /** What became of the questions to each. */
    public Map<String, JudgeCounters> counters() {
        Map<String, JudgeCounters> counters = new LinkedHashMap<>();
        judges.forEach((name, judge) -> counters.put(name, judge.counters()));
        return counters;
    }

    private ServiceJudge require(String name) {
        ServiceJudge judge = judges.get(name);
        if (judge == null) {
            throw new IllegalArgumentException("there is no judge " + name);
        }
        return judge;
    }

    private static Dialect dialect(JudgeConfig config) {
        return switch (config.kind()) {
            case CONTENT_SAFETY -> new ContentSafetyDialect(config.credential());
            case MODERATION -> new ModerationDialect(config.credential(), config.model());
            case WEBHOOK -> new WebhookDialect(config.credential());
        };
    }
}
