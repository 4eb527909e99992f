package headgate.filters.content.prompt;

import headgate.conf.BlocklistConfig;
import headgate.conf.BlocklistConfig.Item;
import headgate.conf.ContentFilterConfig;
import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Filter;
import headgate.conf.ContentFilterConfig.ListUse;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.DeploymentConfig;
import headgate.conf.GatewayConfig;
import headgate.filters.Deployment;
import headgate.filters.content.FilterPolicy;
import headgate.filters.content.Judge;
import headgate.filters.content.TextRules;
import headgate.filters.content.lists.RedisListTable;
import headgate.filters.content.lists.SharedLists;
import headgate.filters.content.text.PolicyRules;
import headgate.filters.redis.RedisLink;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The policies of one configuration, found by deployment; each is compiled once, however many deployments have it.
 *
 * <p>Immutable but for the rules of a policy, which are compiled again when a list in Redis has changed.
 */
public final class FilterPolicies {
    private final Map<String, Compiled> byName = new LinkedHashMap<>();
    private final @Nullable SharedLists lists;

    /**
     * Compiles them, which is no work for an event loop, and looks after the shared lists that they use.
     *
     * @param judges by name, one for each that a policy names
     * @param redis where the items of shared lists are; null for those of the configuration alone
     * @param before what knows shared lists already; null for nothing
     */
    public FilterPolicies(
            GatewayConfig config,
            Map<String, ? extends Judge> judges,
            @Nullable RedisLink redis,
            @Nullable FilterPolicies before) {
        Map<String, BlocklistConfig> shared = shared(config);
        lists = redis == null || shared.isEmpty()
                ? null
                : new SharedLists(new RedisListTable(redis), shared, before == null ? null : before.lists);
        Function<BlocklistConfig, List<Item>> items = lists == null ? BlocklistConfig::items : lists::items;
        int charactersMax = config.limits().contentFilter().matchCharacters();
        for (DeploymentConfig deployment : config.deployments().values()) {
            ContentFilterConfig policy = deployment.contentFilter();
            if (policy != null && !byName.containsKey(policy.name())) {
                byName.put(policy.name(), new Compiled(policy, items, charactersMax, judges));
            }
        }
        if (lists != null) {
            lists.follow(this::compileThoseWith);
        }
    }

    /** What is judged of a deployment's prompts and completions; null for nothing. */
    public @Nullable FilterPolicy of(Deployment deployment) {
        ContentFilterConfig policy = deployment.config().contentFilter();
        return policy == null ? null : byName.get(policy.name());
    }

    /** Complete when it is known what Redis has of the shared lists, or that it is away. */
    public CompletionStage<Void> settled() {
        return lists == null ? CompletableFuture.completedStage(null) : lists.settled();
    }

    /** Whether every shared list was read at some time. */
    public boolean isKnown() {
        return lists == null || lists.isKnown();
    }

    /** Looks after shared lists no more. */
    public void close() {
        if (lists != null) {
            lists.close();
        }
    }

    private static Map<String, BlocklistConfig> shared(GatewayConfig config) {
        Map<String, BlocklistConfig> shared = new LinkedHashMap<>();
        for (DeploymentConfig deployment : config.deployments().values()) {
            ContentFilterConfig policy = deployment.contentFilter();
            for (ListUse use : policy == null ? List.<ListUse>of() : policy.blocklists()) {
                if (use.list().shared()) {
                    shared.put(use.list().name(), use.list());
                }
            }
        }
        return shared;
    }

    private void compileThoseWith(String list) {
        for (Compiled policy : byName.values()) {
            if (policy.config.blocklists().stream()
                    .anyMatch(use -> use.list().name().equals(list))) {
                policy.compile();
            }
        }
    }

    private static final class Compiled implements FilterPolicy {
        private final ContentFilterConfig config;
        private final Function<BlocklistConfig, List<Item>> items;
        private final int charactersMax;
        private final Map<Source, Map<Judge, Set<Category>>> judges = new EnumMap<>(Source.class);
        private volatile Map<Source, TextRules> rules;

        Compiled(
                ContentFilterConfig config,
                Function<BlocklistConfig, List<Item>> items,
                int charactersMax,
                Map<String, ? extends Judge> known) {
            this.config = config;
            this.items = items;
            this.charactersMax = charactersMax;
            this.rules = compiled();
            for (Source source : Source.values()) {
                judges.put(source, judges(config, source, known));
            }
        }

        /** Has what is in force by now take the place of what was. */
        void compile() {
            rules = compiled();
        }

        private Map<Source, TextRules> compiled() {
            Map<Source, TextRules> compiled = new EnumMap<>(Source.class);
            for (Source source : Source.values()) {
                compiled.put(source, PolicyRules.of(config, source, items, charactersMax));
            }
            return compiled;
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
