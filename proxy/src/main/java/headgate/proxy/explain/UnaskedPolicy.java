package headgate.proxy.explain;

import headgate.conf.ContentFilterConfig;
import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Filter;
import headgate.conf.ContentFilterConfig.Source;
import headgate.filters.content.FilterPolicy;
import headgate.filters.content.Judge;
import headgate.filters.content.TextRules;
import headgate.filters.content.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A policy of which only the gateway's own rules judge: judges would cost a call, so it is noted that they would be asked.
 *
 * <p>Belongs to one dry run.
 */
final class UnaskedPolicy implements FilterPolicy {
    private final FilterPolicy policy;
    private final Map<String, Set<Category>> unasked = new LinkedHashMap<>();

    /** In the place of this policy. */
    UnaskedPolicy(FilterPolicy policy) {
        this.policy = policy;
    }

    /** The judges that would have been asked about the prompt by now, and about what. */
    Map<String, Set<Category>> unasked() {
        return unasked;
    }

    @Override
    public ContentFilterConfig config() {
        return policy.config();
    }

    @Override
    public TextRules rules(Source source) {
        return policy.rules(source);
    }

    @Override
    public Map<Judge, Set<Category>> judges(Source source) {
        Map<Judge, Set<Category>> silent = new LinkedHashMap<>();
        policy.judges(source).values().forEach(categories -> {
            String name = name(source, categories);
            silent.put(
                    (loop, question, answer) -> {
                        unasked.put(name, question.categories());
                        answer.found(Verdict.NONE);
                    },
                    categories);
        });
        return silent;
    }

    private String name(Source source, Set<Category> categories) {
        return config().filters().stream()
                .filter(filter -> filter.source() == source && categories.contains(filter.category()))
                .findFirst()
                .map(Filter::judge)
                .orElseThrow();
    }
}
