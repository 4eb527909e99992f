package headgate.filters.content;

import headgate.conf.ContentFilterConfig;
import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Source;
import java.util.Map;
import java.util.Set;

/**
 * A policy, ready to be used.
 *
 * <p>Immutable but for the lists that Redis holds, which are looked up anew for each exchange.
 */
public interface FilterPolicy {
    /** What the operator wrote. */
    ContentFilterConfig config();

    /** The words and patterns in force for prompts or for completions. */
    TextRules rules(Source source);

    /** Who is to be asked about which categories; empty where nobody is. */
    Map<Judge, Set<Category>> judges(Source source);
}
