package headgate.proxy.upstream;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import headgate.filters.Exchange;
import headgate.filters.api.Operation;
import headgate.filters.json.BodySplice;
import headgate.filters.json.JsonScanner;
import headgate.filters.model.ExtraParametersHandler;
import headgate.proxy.routing.Endpoint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Decides, as the scanner moves on, what is changed in a body on its way to one endpoint.
 *
 * <p>The model's name, where the endpoint wants one; {@code stream_options.include_usage}, where a streamed answer would
 * not tell its usage; and fields that are dropped. Whatever cannot be decided before the last byte is put in front of the
 * document's closing brace.
 */
final class RequestEdits {
    private static final byte[] TRUE = ascii("true");
    private static final byte[] INCLUDE_USAGE = ascii("{\"include_usage\":true}");
    private static final byte[] NOTHING = {};

    private final Exchange exchange;
    private final JsonScanner scan;
    private final BodySplice splice;
    private final Operation operation;
    private final @Nullable String model;

    private int judged;
    private long keptEnd = -1;
    private int droppedFirst = -1;
    private boolean usageSettled;
    private boolean finished;

    RequestEdits(Exchange exchange, JsonScanner scan, Endpoint endpoint, BodySplice splice) {
        this.exchange = exchange;
        this.scan = scan;
        this.splice = splice;
        this.operation = exchange.requireOperation().operation();
        this.model = endpoint.modelInBody(operation);
        this.usageSettled = !operation.tellsUsageOnRequest();
    }

    /**
     * Decides all that can be decided by now.
     *
     * @param complete whether the whole document has been scanned
     * @return the offset below which nothing will be changed any more
     */
    long advance(boolean complete) {
        while (judged < scan.memberCount() && scan.memberEnd(judged) >= 0) {
            judge(judged++, complete);
        }
        if (!complete) {
            return boundary();
        }
        if (!finished) {
            finished = true;
            finish();
        }
        return Long.MAX_VALUE;
    }

    private void judge(int member, boolean complete) {
        String name = scan.memberName(member);
        if (drops(name)) {
            if (keptEnd >= 0) {
                splice.replace(keptEnd, scan.memberEnd(member), NOTHING);
                keptEnd = scan.memberEnd(member);
            } else if (droppedFirst < 0) {
                droppedFirst = member;
            }
            return;
        }
        if (droppedFirst >= 0 && keptEnd < 0) {
            splice.replace(scan.memberStart(droppedFirst), scan.memberStart(member), NOTHING);
        }
        keptEnd = scan.memberEnd(member);
        if (name.equals("model") && model != null && scan.hasModel()) {
            splice.replace(scan.modelStart(), scan.modelEnd(), quoted(model));
        } else if (name.equals("stream_options") && !usageSettled && holdsOptions(member)) {
            askInOptions(complete);
        }
    }

    /** Whether the scanner's facts are of this member, and not of a later one of the same name, which wins. */
    private boolean holdsOptions(int member) {
        return scan.streamOptionsStart() >= scan.memberStart(member)
                && scan.streamOptionsEnd() <= scan.memberEnd(member);
    }

    /** The caller gave stream options: the request for usage goes in there. */
    private void askInOptions(boolean complete) {
        usageSettled = true;
        if (scan.includeUsage() || (scan.streamKnown() && !scan.stream())) {
            return;
        }
        switch (scan.streamOptionsKind()) {
            case OBJECT -> {
                if (scan.includeUsageStart() >= 0) {
                    splice.replace(scan.includeUsageStart(), scan.includeUsageEnd(), TRUE);
                } else {
                    splice.replace(
                            scan.streamOptionsStart() + 1,
                            scan.streamOptionsStart() + 1,
                            ascii("\"include_usage\":true" + (scan.streamOptionsEmpty() ? "" : ",")));
                }
                exchange.asksUsage(true);
            }
            case NULL -> {
                if (complete ? scan.stream() : scan.streamKnown() && scan.stream()) {
                    splice.replace(scan.streamOptionsStart(), scan.streamOptionsEnd(), INCLUDE_USAGE);
                    exchange.asksUsage(true);
                }
            }
            case OTHER, ABSENT -> {}
        }
    }

    /** What the caller left out goes in front of the closing brace. */
    private void finish() {
        if (droppedFirst >= 0 && keptEnd < 0) {
            splice.replace(scan.memberStart(droppedFirst), scan.memberEnd(scan.memberCount() - 1), NOTHING);
        }
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        if (model != null && !scan.hasModel()) {
            append(more, "\"model\":");
            more.writeBytes(quoted(model));
        }
        if (!usageSettled && scan.stream()) {
            append(more, "\"stream_options\":");
            more.writeBytes(INCLUDE_USAGE);
            exchange.asksUsage(true);
        }
        if (more.size() > 0) {
            splice.replace(scan.bodyObjectEnd(), scan.bodyObjectEnd(), more.toByteArray());
        }
    }

    private void append(ByteArrayOutputStream more, String name) {
        if (keptEnd >= 0 || more.size() > 0) {
            more.write(',');
        }
        more.writeBytes(ascii(name));
    }

    /** A member that may be dropped waits until it is complete, and the first ones until one is kept. */
    private long boundary() {
        if (droppedFirst >= 0 && keptEnd < 0) {
            return scan.memberStart(droppedFirst);
        }
        if (judged < scan.memberCount() && drops(scan.memberName(judged))) {
            return keptEnd >= 0 ? keptEnd : scan.memberStart(judged);
        }
        return exchange.dropsExtraParameters() && judged == scan.memberCount() && keptEnd >= 0
                ? Math.min(keptEnd, scan.settled())
                : scan.settled();
    }

    private boolean drops(String name) {
        return exchange.dropsExtraParameters() && !ExtraParametersHandler.isKnown(operation, name);
    }

    private static byte[] quoted(String text) {
        byte[] inside = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        byte[] quoted = new byte[inside.length + 2];
        quoted[0] = '"';
        System.arraycopy(inside, 0, quoted, 1, inside.length);
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
