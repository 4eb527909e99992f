package headgate.filters.content.completion;

import headgate.conf.ContentFilterConfig;
import headgate.conf.ContentFilterConfig.Source;
import headgate.filters.content.FilterResults;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One choice of an answer: its texts, and what was found in them. */
final class Choice {
    private record Key(String name, long part) {}

    final int index;
    final FilterResults results;

    /** Whether its text was cut, so that nothing of it goes on any more. */
    boolean blocked;

    /** Whether the event has gone on with which its cut text ends. */
    boolean closed;

    /** Whether it is complete. */
    boolean finished;

    /** The last event that says why it is complete, unless more of its text came behind that; null for none. */
    @Nullable
    AnswerEvent finish;

    private final Map<Key, Lane> lanes = new HashMap<>(4);

    Choice(int index, ContentFilterConfig policy) {
        this.index = index;
        this.results = new FilterResults(policy, Source.COMPLETION);
    }

    /** The text that a piece goes on with. */
    Lane lane(Piece piece, Supplier<Lane> fresh) {
        Key key = new Key(piece.name, piece.part);
        Lane lane = lanes.get(key);
        if (lane == null || lane.over()) {
            lane = fresh.get();
            lanes.put(key, lane);
        }
        return lane;
    }

    /** Nothing more comes of any of its texts. */
    void end() {
        lanes.values().forEach(Lane::end);
    }

    /** Nothing more comes of the texts of this part. */
    void end(long part) {
        lanes.forEach((key, lane) -> {
            if (key.part == part) {
                lane.end();
            }
        });
    }

    /** All that were begun. */
    Collection<Lane> lanes() {
        return lanes.values();
    }

    /** Whether nothing of its texts is undecided. */
    boolean settled(boolean awaited) {
        return blocked || lanes.values().stream().allMatch(lane -> lane.settled(awaited));
    }
}
