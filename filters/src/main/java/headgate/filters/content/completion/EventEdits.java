package headgate.filters.content.completion;

import headgate.filters.content.FilterResults;
import org.jspecify.annotations.Nullable;

/**
 * What is put into events: why a choice ended, and what was found in it.
 *
 * @param whole whether it is a whole answer, and not one of a stream's
 * @param tells whether choices tell what was found in them
 * @param prompt what is told of the prompt in a whole answer; null for nothing
 */
record EventEdits(boolean whole, boolean tells, @Nullable FilterResults prompt) {
    /** Notes all edits of an event; false when nothing of it goes on, since all its choices are silent. */
    boolean edit(AnswerEvent event, Choices choices) {
        for (Piece piece : event.pieces) {
            if (piece.kept < piece.length()) {
                event.replace(piece.from + piece.kept, piece.to, "");
            }
        }
        boolean silent = !event.choices.isEmpty();
        for (ChoicePlace place : event.choices) {
            Choice choice = choices.at(place.index);
            boolean closes = event.closes.contains(choice);
            boolean silenced = event.silences.contains(choice);
            silent &= silenced;
            if (!silenced && (closes || place.finished)) {
                close(event, place, choice, closes);
            }
            if (silenced || closes || place.masked) {
                silence(event, place);
            }
        }
        if (event.own.masked || !event.closes.isEmpty()) {
            silence(event, event.own);
        }
        if (whole && event.json) {
            whole(event, event.choices.isEmpty() && !event.closes.isEmpty());
        }
        return !silent;
    }

    /** Notes all edits of a choice that ends with this event. */
    private void close(AnswerEvent event, ChoicePlace place, Choice choice, boolean cut) {
        StringBuilder more = new StringBuilder();
        if (cut) {
            put(event, place.finishReason, "finish_reason", Frames.REASON, more);
        }
        if (tells && !choice.results.isEmpty()) {
            put(event, place.filterResults, "content_filter_results", choice.results.toJson(), more);
        }
        insert(event, place.end, place.empty, more);
    }

    /** What repeats a text goes with what is cut or masked of it. */
    private static void silence(AnswerEvent event, ChoicePlace place) {
        place.logprobs.forEach(span -> event.replace(span.from(), span.to(), "null"));
    }

    /** Notes the edits of a whole answer as such. */
    private void whole(AnswerEvent event, boolean incomplete) {
        StringBuilder more = new StringBuilder();
        if (incomplete) {
            put(event, event.status, "status", "\"incomplete\"", more);
            put(event, event.incompleteDetails, "incomplete_details", Frames.INCOMPLETE, more);
        }
        if (prompt != null && !prompt.isEmpty()) {
            put(event, event.promptResults, "prompt_filter_results", Frames.promptResults(prompt), more);
        }
        insert(event, event.own.end, event.own.empty, more);
    }

    private static void put(AnswerEvent event, @Nullable Span place, String name, String value, StringBuilder more) {
        if (place == null) {
            more.append(",\"").append(name).append("\":").append(value);
        } else {
            event.replace(place.from(), place.to(), value);
        }
    }

    /** Puts members in front of a closing brace. */
    private static void insert(AnswerEvent event, int end, boolean empty, StringBuilder members) {
        if (members.length() > 0) {
            event.replace(end, end, empty ? members.substring(1) : members.toString());
        }
    }
}
