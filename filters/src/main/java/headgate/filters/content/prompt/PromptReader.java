package headgate.filters.content.prompt;

import headgate.filters.HeldBody;
import headgate.filters.content.FilterResults;
import headgate.filters.content.Findings;
import headgate.filters.content.Judge;
import headgate.filters.content.TextScan;
import headgate.filters.json.JsonScanner;
import headgate.filters.json.TextKind;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the texts of one body as its parts pass, which the scanner has found in them before.
 *
 * <p>What a rule asks to be masked is written over with asterisks where it stands, byte by byte, so that no offset changes.
 * Belongs to one exchange.
 */
final class PromptReader {
    private static final byte ASTERISK = '*';
    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer", "tool", "function");
    private static final int ROLE_BYTES_MAX = "developer".length();

    private final PromptScan scan;
    private final TextScan rules;
    private final Findings findings;
    private final FilterResults results;
    private final @Nullable QuestionTexts texts;

    private long position;

    private int span;
    private boolean inText;

    /** The beginning of a role: only what is none of the usual ones is a text. */
    private final byte[] role = new byte[ROLE_BYTES_MAX + 1];

    private int roleLength;
    private boolean inRole;

    /** Reads with a scan that nobody else uses as long as parts come. */
    PromptReader(PromptScan scan, FilterResults results, @Nullable QuestionTexts texts) {
        this.scan = scan;
        this.rules = scan.scan();
        this.findings = new Findings(this.rules);
        this.results = results;
        this.texts = texts;
    }

    /** Reads a part, which stays the caller's; {@code held} has it and all in front of it that may be masked. */
    void read(JsonScanner scan, ByteBuf part, @Nullable HeldBody held) {
        long end = position + part.readableBytes();
        long start = position;
        while (span < scan.textCount() && scan.textStart(span) <= end) {
            long textEnd = scan.textEnd(span) < 0 ? Long.MAX_VALUE : scan.textEnd(span);
            long from = Math.max(scan.textStart(span), position);
            if (!inText) {
                inText = true;
                rules.begin();
                findings.begin();
                begin();
                inRole = scan.textKind(span) == TextKind.ROLE;
                roleLength = 0;
            }
            boolean over = textEnd <= end;
            int first = (int) (from - start);
            int last = (int) (Math.min(textEnd, end) - start);
            if (inRole) {
                first = readRole(part, first, last, over);
            }
            feed(part, first, last);
            if (over) {
                rules.end();
            }
            position = Math.min(textEnd, end);
            long textStart = scan.textStart(span);
            findings.tell(results, (at, to) -> mask(held, end, textStart + at, textStart + to));
            if (!over) {
                break;
            }
            inText = false;
            span++;
        }
        position = end;
    }

    /** How many bytes of the body have been read. */
    long position() {
        return position;
    }

    /** Below this offset of the body nothing will be masked any more. */
    long decided(JsonScanner scan) {
        return inText ? scan.textStart(span) + rules.decided() : position;
    }

    private void begin() {
        if (texts != null) {
            texts.begin(span);
        }
    }

    /** Reads a role as long as it may be one of the usual ones; from where on it is a text. */
    private int readRole(ByteBuf part, int from, int to, boolean over) {
        int length = Math.min(to - from, role.length - roleLength);
        part.getBytes(part.readerIndex() + from, role, roleLength, length);
        roleLength += length;
        boolean usual = over
                ? ROLES.contains(new String(role, 0, roleLength, StandardCharsets.ISO_8859_1))
                : roleLength < role.length;
        if (!usual) {
            inRole = false;
            feed(role, roleLength);
        }
        return from + length;
    }

    private void feed(byte[] bytes, int length) {
        rules.read(bytes, 0, length);
        if (texts != null) {
            texts.read(bytes, length);
        }
    }

    private void feed(ByteBuf part, int from, int to) {
        byte[] window = scan.window();
        for (int at = from; at < to; at += window.length) {
            int length = Math.min(window.length, to - at);
            part.getBytes(part.readerIndex() + at, window, 0, length);
            feed(window, length);
        }
    }

    /** Writes over what stands between two offsets of the body. */
    private static void mask(@Nullable HeldBody held, long end, long from, long to) {
        if (held == null) {
            return;
        }
        long[] at = {end - held.size()};
        held.forEach(part -> {
            long first = Math.max(from, at[0]);
            long last = Math.min(to, at[0] + part.readableBytes());
            for (long i = first; i < last; i++) {
                part.setByte(part.readerIndex() + (int) (i - at[0]), ASTERISK);
            }
            at[0] += part.readableBytes();
        });
    }

    /** What it reads with. */
    PromptScan scan() {
        return scan;
    }

    /** What was found. */
    FilterResults results() {
        return results;
    }

    /** The texts of a whole body that judges are to be given; null when nobody is asked. */
    @Nullable
    List<Judge.Text> texts(JsonScanner scan) {
        return texts == null ? null : texts.all(text -> scan.textKind(text) == TextKind.TOOL);
    }

    /** Whether there was more text than judges may be given. */
    boolean tooLong() {
        return texts != null && texts.tooLong();
    }
}
