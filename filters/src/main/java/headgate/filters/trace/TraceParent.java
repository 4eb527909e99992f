package headgate.filters.trace;

import headgate.filters.http.HeaderFields;
import headgate.filters.http.HeaderName;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code traceparent} field says (W3C Trace Context, section 3.2): which trace, and which span of it calls.
 *
 * @param high the first half of the trace's id
 * @param low the second half of it
 * @param span the id of the calling span, never 0
 * @param sampled whether the caller records it
 */
public record TraceParent(long high, long low, long span, boolean sampled) {
    private static final int TRACE = 3;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;
    private static final int UNKNOWN = -1;

    /** The parent that a head names; null where there is none, or more than one, or what there is cannot be read. */
    public static @Nullable TraceParent of(HeaderFields fields) {
        int i = fields.find(HeaderName.TRACEPARENT);
        if (i < 0 || fields.find(HeaderName.TRACEPARENT, i + 1) >= 0) {
            return null;
        }
        return parse(fields.valueText(i));
    }

    /** Reads a field's value; null for one that is not as specified, in a version that is not known by its first four parts. */
    static @Nullable TraceParent parse(String value) {
        if (value.length() < LENGTH
                || value.charAt(2) != '-'
                || value.charAt(SPAN - 1) != '-'
                || value.charAt(FLAGS - 1) != '-') {
            return null;
        }
        int version = digits(value, 0) << 4 | digits(value, 1);
        boolean whole =
                version == 0 ? value.length() == LENGTH : value.length() == LENGTH || value.charAt(LENGTH) == '-';
        int flags = digits(value, FLAGS) << 4 | digits(value, FLAGS + 1);
        if (version < 0
                || version == 0xFF
                || flags < 0
                || !whole
                || !isHex(value, TRACE, SPAN - 1)
                || !isHex(value, SPAN, FLAGS - 1)) {
            return null;
        }
        long high = Long.parseUnsignedLong(value, TRACE, TRACE + 16, 16);
        long low = Long.parseUnsignedLong(value, TRACE + 16, SPAN - 1, 16);
        long span = Long.parseUnsignedLong(value, SPAN, FLAGS - 1, 16);
        return (high | low) == 0 || span == 0 ? null : new TraceParent(high, low, span, (flags & 1) != 0);
    }

    private static boolean isHex(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            if (digits(value, i) == UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    /** What a digit stands for; letters are small. */
    private static int digits(String value, int at) {
        char c = value.charAt(at);
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : UNKNOWN;
    }
}
