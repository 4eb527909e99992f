package headgate.loadtest.measure;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * The moment at which an event was meant to leave, told in the event itself: the last member of its JSON object.
 *
 * <p>It is of the clock of {@link System#nanoTime}, which on one machine is the same for all programs and never set.
 */
public final class EventTime {
    /** An event that does not tell. */
    public static final long NONE = Long.MIN_VALUE;

    private static final String MEMBER = ",\"simulated_nanos\":";
    private static final byte[] END = "}\n\n".getBytes(US_ASCII);
    private static final int DIGITS_MAX = 18;

    private EventTime() {}

    /** Adds the member to the event that the buffer ends with; to nothing but an object with its empty line. */
    public static void add(ByteBuf event, long nanos) {
        int end = event.writerIndex() - END.length;
        for (int at = 0; at < END.length; at++) {
            if (end < event.readerIndex() || event.getByte(end + at) != END[at]) {
                return;
            }
        }
        ByteBufUtil.writeAscii(event.writerIndex(end), MEMBER + nanos);
        event.writeBytes(END);
    }

    /** Finds the moment in an event's line; {@link #NONE} if it does not tell. */
    public static long find(String line) {
        int end = line.length() - 1;
        long nanos = 0;
        long unit = 1;
        int at = end - 1;
        for (; at > 0 && end - at <= DIGITS_MAX && Character.isDigit(line.charAt(at)); at--) {
            nanos += unit * (line.charAt(at) - '0');
            unit *= 10;
        }
        boolean told = line.endsWith("}") && line.startsWith(MEMBER, at + 1 - MEMBER.length());
        return told ? nanos : NONE;
    }
}
