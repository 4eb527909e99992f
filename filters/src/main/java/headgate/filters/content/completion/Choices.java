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

    /** So many were asked for, or as many as can be where that is not known. */
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

    /** Whether all text is of one choice, so that nobody waits for its end but itself. */
    boolean isOne() {
        return count == 1;
    }

    /** Whether the text of one was cut. */
    boolean isBlocked() {
        return known.values().stream().anyMatch(choice -> choice.blocked);
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

    /** Whether an event may go on: all its texts are decided, and what they end with is known where it says so. */
    boolean areDecided(AnswerEvent event, boolean awaited) {
        for (Piece piece : event.pieces) {
            Lane lane = piece.lane;
            if (lane != null && piece.kept > 0 && piece.start + piece.kept > lane.free(awaited)) {
                return false;
            }
        }
        for (ChoicePlace place : event.choices) {
            Choice choice = at(place.index);
            if (place.finished && choice.finish == event && !choice.settled(awaited)) {
                return false;
            }
        }
        return !event.done || known.values().stream().allMatch(choice -> choice.settled(awaited));
    }

    /** They are not judged to their end. */
    void unavailable() {
        unavailable = true;
        known.values().forEach(choice -> choice.results.unavailable());
    }
}
