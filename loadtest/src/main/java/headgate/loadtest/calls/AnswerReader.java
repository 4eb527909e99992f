package headgate.loadtest.calls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import headgate.loadtest.measure.EventTime;
import headgate.loadtest.measure.Outcome;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks through one answer, whole or in events: whose is it, and is all of it there?
 *
 * <p>It reads lines: an event is a {@code data:} line, an unstreamed answer is one line or many. Only what the check needs is
 * looked at, since the reader runs beside thousands of others; that bodies are JSON is for other tests.
 */
final class AnswerReader {
    /** The beginning of a longer line is judged, the rest of it is passed over. */
    static final int LINE_BYTES_MAX = 1 << 20;

    private static final Pattern COMPLETION_TOKENS =
            Pattern.compile("\"(?:completion_tokens|output_tokens)\"\\s*:\\s*([0-9]{1,9})");
    private static final Pattern USAGE = Pattern.compile("\"usage\"\\s*:\\s*\\{");

    private static final String ID = "{\"id\":\"";
    private static final String TOKEN = "\"delta\":{\"content\":\"";

    private final String mark;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);

    int status;

    /** How long the target advises to wait before another attempt. */
    long retryAfterNanos = RetryAfter.NONE;

    private int events;
    private int tokenEvents;
    private boolean done;
    private boolean usage;
    private boolean echoed;
    private boolean crossed;
    private @Nullable String opening;
    private long tokens;
    private long bytes;

    AnswerReader(String mark) {
        this.mark = mark;
    }

    /**
     * Reads what has come; returns how many events it completed. The buffer remains the caller's.
     *
     * @param due told of each event that says so when it was meant to leave, on the clock of {@link System#nanoTime}
     */
    int read(ByteBuf body, LongConsumer due) {
        int before = events;
        bytes += body.readableBytes();
        while (body.isReadable()) {
            int length = body.bytesBefore((byte) '\n');
            boolean ends = length >= 0;
            keep(body, ends ? length : body.readableBytes());
            if (ends) {
                body.skipBytes(1);
                lineEnded(due);
            }
        }
        return events - before;
    }

    long tokens() {
        return tokens;
    }

    /**
     * Judges an answer of status 200 that its framing says is complete.
     *
     * @param stream whether events were asked for
     * @param echo whether it must repeat the mark, and stream as many tokens as its usage tells
     * @param usageWanted whether it must tell its usage
     */
    Outcome judge(boolean stream, boolean echo, boolean usageWanted) {
        lineEnded(due -> {});
        if (crossed) {
            return Outcome.CROSSED;
        }
        boolean tokensMissing = echo && usage && tokenEvents > 0 && tokenEvents != tokens;
        if ((stream && !done) || (usageWanted && !usage) || bytes == 0 || tokensMissing) {
            return Outcome.INCOMPLETE;
        }
        return echo && !echoed ? Outcome.WRONG : Outcome.GOOD;
    }

    private void keep(ByteBuf body, int length) {
        int kept = Math.min(length, LINE_BYTES_MAX - line.size());
        try {
            body.getBytes(body.readerIndex(), line, kept);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        body.skipBytes(length);
    }

    private void lineEnded(LongConsumer due) {
        if (line.size() == 0) {
            return;
        }
        // Latin 1 keeps bytes apart and is cheap; what is searched for is ASCII.
        String text = line.toString(ISO_8859_1);
        line.reset();
        if (text.startsWith("data:")) {
            events++;
            done |= text.substring(5).strip().equals("[DONE]");
            tokenEvents += text.contains(TOKEN) ? 1 : 0;
            compareId(text);
            long dueNanos = EventTime.find(text);
            if (dueNanos != EventTime.NONE) {
                due.accept(dueNanos);
            }
        }
        findMark(text);
        // The plain search is cheap, and most events have nothing of the kind.
        if (!usage && text.contains("\"usage\"") && USAGE.matcher(text).find()) {
            usage = true;
            Matcher matcher = COMPLETION_TOKENS.matcher(text);
            tokens = matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        }
    }

    /** All events of a stream that begin with an id begin with the same one. */
    private void compareId(String text) {
        if (opening != null) {
            crossed |= text.startsWith(ID, opening.indexOf(ID)) && !text.startsWith(opening);
            return;
        }
        int id = text.indexOf('{');
        if (id >= 0 && text.startsWith(ID, id)) {
            opening = text.substring(0, text.indexOf('"', id + ID.length()) + 1);
        }
    }

    private void findMark(String text) {
        for (int at = text.indexOf(Mark.START); at >= 0; at = text.indexOf(Mark.START, at + 1)) {
            if (text.startsWith(mark, at)) {
                echoed = true;
            } else if (text.indexOf(Mark.END, at + Mark.START.length()) - at < Mark.CHARACTERS_MAX) {
                crossed = true;
            }
        }
    }
}
