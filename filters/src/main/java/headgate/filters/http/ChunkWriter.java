package headgate.filters.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.LeakPresenceDetector;
import java.nio.charset.StandardCharsets;

/** Writes chunked framing (RFC 9112, section 7.1) around payload that is passed on as it is. */
public final class ChunkWriter {
    private static final int SIZE_LINE_BYTES = 10;
    private static final ByteBuf LINE_END = constant("\r\n");
    private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

    private ChunkWriter() {}

    /** The line in front of a chunk of this many bytes, at least 1; passed to the caller. */
    public static ByteBuf sizeLine(ByteBufAllocator allocator, int bytes) {
        ByteBuf line = allocator.directBuffer(SIZE_LINE_BYTES);
        sizeLine(bytes, line);
        return line;
    }

    /** Writes the line in front of a chunk of this many bytes, at least 1. */
    public static void sizeLine(int bytes, ByteBuf line) {
        for (int shift = 28 - Integer.numberOfLeadingZeros(bytes) / 4 * 4; shift >= 0; shift -= 4) {
            line.writeByte(Character.forDigit(bytes >>> shift & 0xF, 16));
        }
        line.writeShort('\r' << 8 | '\n');
    }

    /** Writes what ends the body. */
    public static void lastChunk(ByteBuf out) {
        out.writeBytes(LAST_CHUNK, 0, LAST_CHUNK.writerIndex());
    }

    /** What stands behind the payload of a chunk; passed to the caller. */
    public static ByteBuf lineEnd() {
        return LINE_END.duplicate();
    }

    /** What ends the body; passed to the caller. */
    public static ByteBuf lastChunk() {
        return LAST_CHUNK.duplicate();
    }

    private static ByteBuf constant(String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        return LeakPresenceDetector.staticInitializer(() -> Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly()));
    }
}
