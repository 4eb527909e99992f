package headgate.loadtest.provider;

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

    /** The framed event in a new buffer, which is the caller's. */
    static ByteBuf chunk(ByteBufAllocator allocator, Answer.Stream events, int event) {
        ByteBuf buffer = allocator.ioBuffer(CAPACITY).setIndex(ROOM, ROOM);
        events.write(event, buffer);
        int at = ROOM - 2;
        buffer.setShort(at, CRLF);
        for (int size = buffer.readableBytes(); size > 0; size >>>= 4) {
            buffer.setByte(--at, DIGITS[size & 0xF]);
        }
        return buffer.writeShort(CRLF).readerIndex(at);
    }

    /** The event without a frame, for an answer that ends with its connection. */
    static ByteBuf bare(ByteBufAllocator allocator, Answer.Stream events, int event) {
        ByteBuf buffer = allocator.ioBuffer(CAPACITY);
        events.write(event, buffer);
        return buffer;
    }
}
