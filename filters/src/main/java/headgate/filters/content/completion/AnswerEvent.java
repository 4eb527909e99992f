package headgate.filters.content.completion;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One event of an answer as it came, with the places of its texts and choices; a whole answer is one.
 *
 * <p>It is edited, never written anew: what is masked is written over where it stands, what is cut or put in is noted, and every
 * other byte goes on as it came.
 */
final class AnswerEvent {
    /** Bytes between two offsets, and what goes on instead of them. */
    private record Edit(int from, int to, String with) {}

    private static final byte ASTERISK = '*';

    private final byte[] bytes;
    private final List<Edit> edits = new ArrayList<>(0);

    final List<Piece> pieces = new ArrayList<>(1);
    final List<ChoicePlace> choices = new ArrayList<>(1);

    /** The choices whose text is cut here. */
    final Set<Choice> closes = new LinkedHashSet<>(0);

    /** The choices whose text was cut before. */
    final Set<Choice> silences = new LinkedHashSet<>(0);

    /** What is beside all choices: all of a response. */
    final ChoicePlace own = new ChoicePlace(0);

    /** The choice that it has to end, when it is the gateway's own. */
    @Nullable
    Choice closing;

    /** Whether it says that the stream is complete. */
    boolean done;

    /** Whether it is not known what it says. */
    boolean unreadable;

    /** Its own type, where it has one. */
    @Nullable
    String type;

    @Nullable
    String id;

    @Nullable
    String object;

    @Nullable
    String model;

    long created;
    long sequence;

    /** Which text of a response it is about. */
    long part;

    /** Whether it has JSON. */
    boolean json;

    @Nullable
    Span promptResults;

    @Nullable
    Span status;

    @Nullable
    Span incompleteDetails;

    AnswerEvent(byte[] bytes) {
        this.bytes = bytes;
    }

    /** One that the gateway says itself. */
    static AnswerEvent own(String text) {
        return new AnswerEvent(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One that will end a choice, in words that are known when it goes on. */
    static AnswerEvent closing(Choice choice) {
        AnswerEvent event = new AnswerEvent(new byte[0]);
        event.closing = choice;
        return event;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return bytes.length;
    }

    /** Whether it says why a choice is complete. */
    boolean finishes(int choice) {
        return choices.stream().anyMatch(place -> place.index == choice && place.finished);
    }

    /** Whether the texts it is about are complete. */
    boolean endsPart() {
        return type != null && type.endsWith(".done");
    }

    /** Whether all texts are complete. */
    boolean endsAll() {
        return done
                || "response.completed".equals(type)
                || "response.incomplete".equals(type)
                || "response.failed".equals(type);
    }

    void mask(int from, int to) {
        Arrays.fill(bytes, from, to, ASTERISK);
    }

    /** Notes what stands instead of these bytes; places that are noted do not overlap. */
    void replace(int from, int to, String with) {
        edits.add(new Edit(from, to, with));
    }

    /** Writes it with all its edits. */
    void writeTo(ByteBuf out) {
        edits.sort(Comparator.comparingInt(Edit::from));
        int at = 0;
        for (Edit edit : edits) {
            out.writeBytes(bytes, at, edit.from - at).writeCharSequence(edit.with, StandardCharsets.UTF_8);
            at = edit.to;
        }
        out.writeBytes(bytes, at, bytes.length - at);
    }
}
