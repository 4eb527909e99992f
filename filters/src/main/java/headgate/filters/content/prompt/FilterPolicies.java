package headgate.filters.content.prompt;

import headgate.conf.BlocklistConfig;
import headgate.conf.ContentFilterConfig;
import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Filter;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.DeploymentConfig;
import headgate.conf.GatewayConfig;
import headgate.filters.Deployment;
import headgate.filters.content.FilterPolicy;
import headgate.filters.content.Judge;
import headgate.filters.content.TextRules;
import headgate.filters.content.text.PolicyRules;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The policies of one configuration, found by deployment; each is compiled once, however many deployments have it.
 *
 * <p>Immutable.
 */
public final class FilterPolicies {
    private final Map<String, FilterPolicy> byName = new LinkedHashMap<>();

    /**
     * Compiles them, which is no work for an event loop.
     *
     * @param judges by name, one for each that a policy names
     */
    public FilterPolicies(GatewayConfig config, Map<String, ? extends Judge> judges) {
        int charactersMax = config.limits().contentFilter().matchCharacters();
        for (DeploymentConfig deployment : config.deployments().values()) {
            ContentFilterConfig policy = deployment.contentFilter();
            if (policy != null && !byName.containsKey(policy.name())) {
                byName.put(policy.name(), new Compiled(policy, charactersMax, judges));
            }
        }
    }

    /** What is judged of a deployment's prompts and completions; null for nothing. */
    public @Nullable FilterPolicy of(Deployment deployment) {
        ContentFilterConfig policy = deployment.config().contentFilter();
        return policy == null ? null : byName.get(policy.name());
    }

    private static final class Compiled implements FilterPolicy {
        private final ContentFilterConfig config;
        private final Map<Source, TextRules> rules = new EnumMap<>(Source.class);
        private final Map<Source, Map<Judge, Set<Category>>> judges = new EnumMap<>(Source.class);

        Compiled(ContentFilterConfig config, int charactersMax, Map<String, ? extends Judge> known) {
            this.config = config;
            for (Source source : Source.values()) {
                rules.put(source, PolicyRules.of(config, source, BlocklistConfig::items, charactersMax));
                judges.put(source, judges(config, source, known));
            }
        }

        private static Map<Judge, Set<Category>> judges(
                ContentFilterConfig config, Source source, Map<String, ? extends Judge> known) {
            Map<Judge, Set<Category>> judges = new LinkedHashMap<>();
            for (Filter filter : config.filters()) {
                Judge judge = known.get(filter.judge());
                if (judge == null) {
                    throw new IllegalArgumentException("no judge " + filter.judge() + " was made");
                }
                if (filter.source() == source) {
                    judges.computeIfAbsent(judge, each -> EnumSet.noneOf(Category.class))
                            .add(filter.category());
                }
            }
            return judges;
        }

        @Override
        public ContentFilterConfig config() {
            return config;
        }

        @Override
        public TextRules rules(Source source) {
            return require(rules.get(source));
        }

        @Override
        public Map<Judge, Set<Category>> judges(Source source) {
            return require(judges.get(source));
        }

        private static <T> T require(@Nullable T value) {
            if (value == null) {
                throw new IllegalStateException("made for every source");
            }
            return value;
        }
    }
}
