package headgate.filters.content.completion;

import headgate.conf.ContentFilterConfig;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The choices of an answer, as they come. */
final class Choices {
    private final ContentFilterConfig policy;
    private final int count;
    private final Map<Integer, Choice> known = new HashMap<>(2);
    private boolean unavailable;

    /** So many were asked for. */
    Choices(ContentFilterConfig policy, int count) {
        this.policy = policy;
        this.count = count;
    }

    Choice at(int index) {
        Choice choice = known.get(index);
        if (choice == null) {
            choice = new Choice(index, policy);
            known.put(index, choice);
            if (unavailable) {
                choice.results.unavailable();
            }
        }
        return choice;
    }

    Collection<Choice> all() {
        return known.values();
    }

    /** Whether none of those asked for has anything to say any more. */
    boolean areOver() {
        return known.values().stream()
                        .filter(choice -> choice.blocked || choice.finished)
                        .count()
                >= count;
    }

    /** They are not judged to their end. */
    void unavailable() {
        unavailable = true;
        known.values().forEach(choice -> choice.results.unavailable());
    }
}
