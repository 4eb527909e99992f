package headgate.filters.content.completion;

import org.jspecify.annotations.Nullable;

/** A text, or what an event brings of one: the inside of a JSON string, still escaped. */
final class Piece {
    final ChoicePlace place;
    final int from;
    final int to;

    /** Whether the next event may go on with it; otherwise it is a text of its own. */
    final boolean running;

    /** Which text of its choice; with {@link #part} it is the same for all events that go on with it. */
    String name;

    long part;

    /** Who judges it, once it was read; null when nobody does, since its choice was over before. */
    @Nullable
    Lane lane;

    /** Where it begins in its lane. */
    long start;

    /** How many of its bytes go on: none behind a cut. */
    int kept;

    Piece(ChoicePlace place, String name, int from, int to, boolean running) {
        this.place = place;
        this.name = name;
        this.from = from;
        this.to = to;
        this.running = running;
        this.kept = to - from;
    }

    /** Lets no more than so many of its bytes go on. */
    void keep(long most) {
        kept = (int) Math.max(0, Math.min(kept, most));
    }

    int length() {
        return to - from;
    }
}
