package headgate.conf;

import headgate.conf.ContentFilterConfig.Action;
import headgate.conf.ContentFilterConfig.Annotation;
import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Filter;
import headgate.conf.ContentFilterConfig.ListUse;
import headgate.conf.ContentFilterConfig.Mode;
import headgate.conf.ContentFilterConfig.Outage;
import headgate.conf.ContentFilterConfig.Pattern;
import headgate.conf.ContentFilterConfig.PatternUse;
import headgate.conf.ContentFilterConfig.Severity;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.EitherFormat;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.SectionReader;
import headgate.conf.yaml.WordFormat;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The policies of the content filter, by name, for deployments to choose from. */
final class ContentFilterReader {
    private static final String KEY = "contentFilter";
    private static final String NONE = "none";
    private static final Bounds POLICIES = new Bounds(0, 1000);
    private static final Bounds USES = new Bounds(0, 64);
    private static final Format<Mode> MODE = new WordFormat<>(List.of(Mode.values()), Mode::word);
    private static final Format<Outage> OUTAGE = words(Outage.values());
    private static final Format<Annotation> ANNOTATION = words(Annotation.values());
    private static final Format<Source> SOURCE = new WordFormat<>(List.of(Source.values()), Source::word);
    private static final Format<Category> CATEGORY = new WordFormat<>(List.of(Category.values()), Category::word);
    private static final Format<Pattern> PATTERN = new WordFormat<>(List.of(Pattern.values()), Pattern::word);
    private static final Format<Action> ACTION = words(Action.values());
    private static final Format<Severity> THRESHOLD = new WordFormat<>(
            List.of(Severity.LOW, Severity.MEDIUM, Severity.HIGH),
            severity -> severity.name().charAt(0) + severity.name().substring(1).toLowerCase(Locale.ROOT));
    private static final Format<String> POLICY = new EitherFormat<>(GatewayReader.NAME, NONE);

    private final Map<String, BlocklistConfig> blocklists;
    private final Map<String, JudgeConfig> judges;
    private final Map<String, ContentFilterConfig> policies = new HashMap<>();
    private @Nullable ContentFilterConfig otherwise;

    /** Prepares, with what policies may name. */
    ContentFilterReader(Map<String, BlocklistConfig> blocklists, Map<String, JudgeConfig> judges) {
        this.blocklists = blocklists;
        this.judges = judges;
    }

    ContentFilterReader read(Section root) {
        Section section = root.section("contentFilters");
        for (String name : section.names(GatewayReader.NAME, POLICIES)) {
            Section written = section.requireSection(name, "a map of what is filtered");
            if (name.equals(NONE)) {
                section.refuse(name, "no name for a policy", "another name: this one stands for no policy");
            }
            if (written != null) {
                policies.put(name, policy(name, written));
            }
        }
        otherwise = of(root);
        return this;
    }

    /** The policy that is named there, or else the one for all; null for none. */
    @Nullable
    ContentFilterConfig of(Section chooser) {
        String name = chooser.find(KEY, POLICY);
        if (name != null && !name.equals(NONE) && !policies.containsKey(name)) {
            chooser.refuse(KEY, "there is no " + name, "the name of one of contentFilters, or " + NONE);
        }
        return name == null ? otherwise : name.equals(NONE) ? null : policies.get(name);
    }

    private ContentFilterConfig policy(String name, Section policy) {
        Mode mode = policy.read("mode", MODE, Mode.DEFAULT);
        Outage outage = policy.read("outage", OUTAGE, Outage.OPEN);
        List<Annotation> told = policy.readList(
                "annotations", ANNOTATION, new Bounds(0, Annotation.values().length), List.of(Annotation.values()));
        Set<Annotation> annotations = EnumSet.noneOf(Annotation.class);
        annotations.addAll(told);
        return new ContentFilterConfig(
                name,
                mode,
                outage,
                annotations,
                each(policy, "filters", "name", this::filter, use -> List.of(use.category(), use.source())),
                each(
                        policy,
                        "customBlocklists",
                        "blocklistName",
                        this::list,
                        use -> List.of(use.list().name(), use.source())),
                each(
                        policy,
                        "patterns",
                        "name",
                        ContentFilterReader::pattern,
                        use -> List.of(use.pattern(), use.source())));
    }

    /** What is switched off is null and left out; what is there twice is an error. */
    private static <T> List<T> each(
            Section policy, String list, String key, SectionReader<T> reader, Function<T, Object> what) {
        Set<Object> seen = new HashSet<>();
        return policy.sections(list, USES).stream()
                .map(use -> {
                    T value = reader.read(use);
                    if (value != null && !seen.add(what.apply(value))) {
                        use.refuse(key, "a repetition", "each one once for each source");
                    }
                    return value;
                })
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable Filter filter(Section filter) {
        Category category = filter.require("name", CATEGORY);
        Source source = filter.require("source", SOURCE);
        Severity threshold = filter.read("severityThreshold", THRESHOLD, Severity.MEDIUM);
        boolean blocking = filter.read("blocking", WordFormat.FLAG, true);
        boolean enabled = filter.read("enabled", WordFormat.FLAG, true);
        String judge = filter.require("judge", GatewayReader.NAME);
        JudgeConfig known = judge == null ? null : judges.get(judge);
        if (judge != null && known == null) {
            filter.refuse("judge", "there is no " + judge, "the name of one of judges");
        }
        if (enabled
                && known != null
                && category != null
                && source != null
                && !known.kind().decides(category, source)) {
            String what = known.kind().word() + " does not decide about " + category.word() + " of a " + source.word();
            filter.refuse("judge", what, "a judge of another kind");
        }
        if (category != null && !category.severe() && filter.holds("severityThreshold")) {
            filter.refuse("severityThreshold", "not taken by " + category.word(), "a category that has a severity");
        }
        return category == null || source == null || judge == null || !enabled
                ? null
                : new Filter(category, source, category.severe() ? threshold : null, blocking, judge);
    }

    private @Nullable ListUse list(Section use) {
        String name = use.require("blocklistName", GatewayReader.NAME);
        Source source = use.require("source", SOURCE);
        boolean blocking = use.read("blocking", WordFormat.FLAG, true);
        BlocklistConfig list = name == null ? null : blocklists.get(name);
        if (name != null && list == null) {
            use.refuse("blocklistName", "there is no " + name, "the name of one of blocklists");
        }
        return list == null || source == null ? null : new ListUse(list, source, blocking);
    }

    private static @Nullable PatternUse pattern(Section use) {
        Pattern pattern = use.require("name", PATTERN);
        Source source = use.require("source", SOURCE);
        Action action = use.require("action", ACTION);
        return pattern == null || source == null || action == null ? null : new PatternUse(pattern, source, action);
    }

    private static <T extends Enum<T>> Format<T> words(T[] values) {
        return new WordFormat<>(
                List.of(values), value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
