package headgate.filters.content.prompt;

import headgate.conf.ContentFilterConfig.Action;
import headgate.filters.HeldBody;
import headgate.filters.content.FilterResults;
import headgate.filters.content.Judge;
import headgate.filters.content.TextRules;
import headgate.filters.content.TextScan;
import headgate.filters.json.JsonScanner;
import headgate.filters.json.TextKind;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the texts of one body as its parts pass, which the scanner has found in them before.
 *
 * <p>What a rule asks to be masked is written over with asterisks where it stands, byte by byte, so that no offset changes.
 * Belongs to one exchange.
 */
final class PromptReader {
    private static final int WINDOW_BYTES = 4096;
    private static final byte ASTERISK = '*';

    private final TextScan rules;
    private final FilterResults results;
    private final @Nullable QuestionTexts texts;
    private final byte[] window = new byte[WINDOW_BYTES];

    private long position;

    private int span;
    private boolean inText;

    /** The matches of the text at hand that were told already. */
    private int told;

    PromptReader(TextRules rules, FilterResults results, @Nullable QuestionTexts texts) {
        this.rules = rules.newScan();
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
                told = 0;
                rules.begin();
                begin();
            }
            feed(part, (int) (from - start), (int) (Math.min(textEnd, end) - start));
            boolean over = textEnd <= end;
            if (over) {
                rules.end();
            }
            position = Math.min(textEnd, end);
            tell(scan.textStart(span), held, end);
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

    private void feed(ByteBuf part, int from, int to) {
        for (int at = from; at < to; at += WINDOW_BYTES) {
            int length = Math.min(WINDOW_BYTES, to - at);
            part.getBytes(part.readerIndex() + at, window, 0, length);
            rules.read(window, 0, length);
            if (texts != null) {
                texts.read(window, length);
            }
        }
    }

    private void tell(long textStart, @Nullable HeldBody held, long end) {
        // A later match may stand in front of one that was told: what is not decided is told again, and changes
        // nothing.
        long decided = rules.decided();
        int last = told;
        for (int i = told; i < rules.matchCount(); i++) {
            results.found(rules.matchRule(i));
            if (rules.matchRule(i).action() == Action.MASK && held != null) {
                mask(held, end, textStart + rules.matchStart(i), textStart + rules.matchEnd(i));
            }
            last = last == i && rules.matchStart(i) < decided && rules.matchEnd(i) <= decided ? i + 1 : last;
        }
        told = last;
    }

    /** Writes over what stands between two offsets of the body. */
    private static void mask(HeldBody held, long end, long from, long to) {
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
