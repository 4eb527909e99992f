package headgate.filters.content;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Severity;
import java.util.Map;
import java.util.Set;

/**
 * What a judge found, the worst of all texts.
 *
 * @param severities of the categories that have one
 * @param detected the others that were found
 * @param judged what was really decided about
 */
public record Verdict(Map<Category, Severity> severities, Set<Category> detected, Set<Category> judged) {}
