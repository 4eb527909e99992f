package headgate.loadtest.provider;

import headgate.loadtest.measure.EventTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Writes one event as one HTTP chunk in one buffer, size, bytes and line ends, for the socket's side of the codec. */
final class EventFrame {
    /** Room in front for the size of a chunk, in hexadecimal, with its line end. */
    private static final int ROOM = 10;

    private static final int CAPACITY = 512;
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };
    private static final int CRLF = '\r' << 8 | '\n';

    private EventFrame() {}

    /**
     * The framed event in a new buffer, which is the caller's.
     *
     * @param dueNanos the time for the event to tell, or {@link EventTime#NONE}
     */
    static ByteBuf chunk(ByteBufAllocator allocator, Answer.Stream events, int event, long dueNanos) {
        ByteBuf buffer = allocator.ioBuffer(CAPACITY).setIndex(ROOM, ROOM);
        write(events, event, dueNanos, buffer);
        int at = ROOM - 2;
        buffer.setShort(at, CRLF);
        for (int size = buffer.readableBytes(); size > 0; size >>>= 4) {
            buffer.setByte(--at, DIGITS[size & 0xF]);
        }
        return buffer.writeShort(CRLF).readerIndex(at);
    }

    /** The event without a frame, for an answer that ends with its connection or has frames of HTTP/2. */
    static ByteBuf bare(ByteBufAllocator allocator, Answer.Stream events, int event, long dueNanos) {
        return write(events, event, dueNanos, allocator.ioBuffer(CAPACITY));
    }

    private static ByteBuf write(Answer.Stream events, int event, long dueNanos, ByteBuf out) {
        events.write(event, out);
        if (dueNanos != EventTime.NONE) {
            EventTime.add(out, dueNanos);
        }
        return out;
    }
}
