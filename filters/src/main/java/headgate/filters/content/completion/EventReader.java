package headgate.filters.content.completion;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes events of what comes, in any pieces. */
final class EventReader {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final EventCutter cutter = new EventCutter();
    private final boolean stream;
    private final boolean response;

    /**
     * Of one answer.
     *
     * @param stream whether it comes in events
     * @param response whether it is of the responses surface, where events have types
     */
    EventReader(boolean stream, boolean response) {
        this.stream = stream;
        this.response = response;
    }

    /** Takes a part, which is passed to this method. */
    void add(ByteBuf part) {
        cutter.add(part);
        part.release();
    }

    /** How many bytes are no whole event yet. */
    int waiting() {
        return cutter.waiting();
    }

    /** The next whole event; null when there is none yet. */
    @Nullable
    AnswerEvent next() {
        byte[] bytes = stream ? cutter.next() : null;
        return bytes == null ? null : read(bytes);
    }

    /** What has come behind the last whole event; null when nothing has. */
    @Nullable
    AnswerEvent last() {
        byte[] bytes = cutter.rest();
        return bytes == null ? null : read(bytes);
    }

    private AnswerEvent read(byte[] bytes) {
        AnswerEvent event = new AnswerEvent(bytes);
        byte[] json = stream ? EventCutter.data(bytes) : bytes;
        if (json != null) {
            event.done = isDone(json);
            try {
                if (!event.done) {
                    EventParser.parse(event, json, stream, response);
                }
            } catch (IOException e) {
                event.unreadable = true;
            }
        }
        return event;
    }

    private static boolean isDone(byte[] data) {
        int from = 0;
        int to = data.length;
        while (from < to && data[from] == ' ') {
            from++;
        }
        while (to > from && data[to - 1] == ' ') {
            to--;
        }
        return Arrays.equals(data, from, to, DONE, 0, DONE.length);
    }
}
