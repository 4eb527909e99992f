package headgate.filters.content.completion;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a choice stands in an event, and the places in it that may be edited. */
final class ChoicePlace {
    /** Which choice; where it does not say so, by its position. */
    int index;

    /** Where its closing brace stands. */
    int end;

    boolean empty = true;

    /** Whether it says why it is complete. */
    boolean finished;

    /** Whether it has sound or images, which nobody judges. */
    boolean media;

    @Nullable
    Span finishReason;

    /** What the upstream's own filter says. */
    @Nullable
    Span filterResults;

    /** Whether something in its texts is masked. */
    boolean masked;

    /** They repeat the text. */
    final List<Span> logprobs = new ArrayList<>(0);

    ChoicePlace(int index) {
        this.index = index;
    }
}
