package headgate.filters.content;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Severity;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What a judge found, the worst of all texts.
 *
 * @param severities of the categories that have one
 * @param detected the others that were found
 * @param judged what was really decided about
 */
public record Verdict(Map<Category, Severity> severities, Set<Category> detected, Set<Category> judged) {
    /** Nothing was judged. */
    public static final Verdict NONE = new Verdict(Map.of(), Set.of(), Set.of());

    /** The worst of both. */
    public Verdict worst(Verdict other) {
        if (judged.isEmpty() || other.judged.isEmpty()) {
            return judged.isEmpty() ? other : this;
        }
        Map<Category, Severity> worst = new EnumMap<>(Category.class);
        worst.putAll(severities);
        other.severities.forEach(
                (category, severity) -> worst.merge(category, severity, (a, b) -> a.compareTo(b) >= 0 ? a : b));
        return new Verdict(worst, union(detected, other.detected), union(judged, other.judged));
    }

    private static Set<Category> union(Set<Category> one, Set<Category> other) {
        Set<Category> all = EnumSet.noneOf(Category.class);
        all.addAll(one);
        all.addAll(other);
        return all;
    }
}
