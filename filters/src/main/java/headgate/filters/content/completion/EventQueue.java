package headgate.filters.content.completion;

import java.util.ArrayDeque;
import java.util.Iterator;

/** The events that wait, in order. */
final class EventQueue {
    private final ArrayDeque<AnswerEvent> events = new ArrayDeque<>();
    private long bytes;

    void add(AnswerEvent event) {
        events.add(event);
        bytes += event.length();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    AnswerEvent first() {
        return events.element();
    }

    AnswerEvent remove() {
        AnswerEvent event = events.remove();
        bytes -= event.length();
        return event;
    }

    /** How many bytes wait. */
    long bytes() {
        return bytes;
    }

    /** Writes asterisks over what stands between two offsets of a text. */
    void mask(Lane lane, long from, long to) {
        for (AnswerEvent event : events) {
            for (Piece piece : event.pieces) {
                if (piece.lane == lane && from < piece.start + piece.length() && to > piece.start) {
                    int first = (int) Math.max(0, from - piece.start);
                    int last = (int) Math.min(piece.length(), to - piece.start);
                    event.mask(piece.from + first, piece.from + last);
                }
            }
        }
    }

    /**
     * Cuts a choice from an offset of one of its texts on: the event that has it closes the choice, and those behind are silent.
     *
     * @param drops whether what is behind is dropped, whomever it is of
     * @return whether an event closes it; false when none that waits is of the choice
     */
    boolean cut(Lane lane, long offset, boolean drops) {
        boolean cut = false;
        for (Iterator<AnswerEvent> all = events.iterator(); all.hasNext(); ) {
            AnswerEvent event = all.next();
            if (!cut) {
                cut = cut(event, lane, offset, false);
                if (cut) {
                    event.closes.add(lane.choice);
                }
            } else if (drops) {
                bytes -= event.length();
                all.remove();
            } else {
                cut(event, lane, offset, true);
                event.silences.add(lane.choice);
            }
        }
        return cut;
    }

    private static boolean cut(AnswerEvent event, Lane lane, long offset, boolean behind) {
        boolean cut = behind;
        for (Piece piece : event.pieces) {
            boolean here = piece.lane == lane && piece.start + piece.length() > offset;
            if (piece.lane != null && piece.lane.choice == lane.choice && (cut || here)) {
                int kept = cut ? 0 : (int) Math.max(0, offset - piece.start);
                event.replace(piece.from + kept, piece.to, "");
                piece.lane = null;
                cut = true;
            }
        }
        return cut || event.finishes(lane.choice.index);
    }
}
