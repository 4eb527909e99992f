package headgate.filters.content.completion;

import headgate.filters.content.text.PlainText;
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

    /** Adds what ends a choice, in front of the end of the stream if that waits already. */
    void close(Choice choice) {
        AnswerEvent last = events.peekLast();
        if (last != null && last.done) {
            events.removeLast();
            events.add(AnswerEvent.closing(choice));
            events.add(last);
        } else {
            events.add(AnswerEvent.closing(choice));
        }
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
                    piece.place.masked = true;
                }
            }
        }
    }

    /** Where that ends which waits of a text and will go on; 0 when there is nothing. */
    long end(Lane lane) {
        long end = 0;
        for (AnswerEvent event : events) {
            for (Piece piece : event.pieces) {
                end = piece.lane == lane && piece.kept > 0 ? piece.start + piece.kept : end;
            }
        }
        return end;
    }

    /** What waits of a text from an offset on, as far as it will go on. */
    String text(Lane lane, long from) {
        PlainText text = new PlainText();
        for (AnswerEvent event : events) {
            for (Piece piece : event.pieces) {
                if (piece.lane == lane && piece.start >= from) {
                    text.read(event.bytes(), piece.from, piece.from + piece.kept);
                }
            }
        }
        return text.end();
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
            if (event.closing == lane.choice || (cut && drops)) {
                bytes -= event.length();
                all.remove();
            } else if (cut) {
                cut(event, lane, offset, true);
                event.closes.remove(lane.choice);
                event.silences.add(lane.choice);
            } else if (cut(event, lane, offset, false)) {
                cut = true;
                event.closes.add(lane.choice);
            }
        }
        return cut;
    }

    private static boolean cut(AnswerEvent event, Lane lane, long offset, boolean behind) {
        boolean cut = behind;
        for (Piece piece : event.pieces) {
            if (piece.lane != null && piece.lane.choice == lane.choice) {
                if (cut) {
                    piece.keep(0);
                } else if (piece.lane == lane && piece.start + piece.kept > offset) {
                    piece.keep(offset - piece.start);
                    cut = true;
                }
            }
        }
        return cut || event.closes.contains(lane.choice) || event.finishes(lane.choice.index);
    }
}
