package headgate.loadtest.provider;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

/**
 * Cuts the strings of a JSON text short as it streams by, so that a body of many megabytes is parsed in kilobytes.
 *
 * <p>What leaves is valid JSON if what came was: a cut never falls into an escape or a character.
 */
final class LongStringCutter {
    /** How many bytes of a string are kept, but for the rest of an escape or a character. */
    static final int KEPT_BYTES_MAX = 4096;

    private static final ByteProcessor NEITHER_QUOTE_NOR_BACKSLASH = b -> b != '"' && b != '\\';

    /** Bytes still to come of an escape: the letter, then four more after a {@code u}. */
    private static final int ESCAPE_BEGINS = 5;

    private boolean inString;
    private boolean cutting;
    private boolean cutEscape;
    private int escapeBytes;
    private int keptBytes;
    private long cutBytes;

    /**
     * Moves bytes from {@code in} to {@code out} until {@code in} is empty or a string that was cut has ended.
     *
     * @return how many bytes are missing from the string that ended last in {@code out}; 0 if it was not cut
     */
    long next(ByteBuf in, ByteBuf out) {
        while (in.isReadable()) {
            if (!cutting) {
                keep(in, out);
            } else if (skip(in)) {
                cutting = false;
                inString = false;
                out.writeByte('"');
                return cutBytes;
            }
        }
        return 0;
    }

    private void keep(ByteBuf in, ByteBuf out) {
        byte b = in.getByte(in.readerIndex());
        if (inString && keptBytes >= KEPT_BYTES_MAX && escapeBytes == 0 && b != '"' && !continuesCharacter(b)) {
            cutting = true;
            cutBytes = 0;
            return;
        }
        in.skipBytes(1);
        out.writeByte(b);
        if (!inString) {
            inString = b == '"';
            keptBytes = 0;
            return;
        }
        keptBytes++;
        if (escapeBytes == ESCAPE_BEGINS) {
            escapeBytes = b == 'u' ? 4 : 0;
        } else if (escapeBytes > 0) {
            escapeBytes--;
        } else if (b == '\\') {
            escapeBytes = ESCAPE_BEGINS;
        } else if (b == '"') {
            inString = false;
        }
    }

    /** Skips within a string; true when its closing quote was passed. */
    private boolean skip(ByteBuf in) {
        if (cutEscape) {
            cutEscape = false;
            cutBytes++;
            in.skipBytes(1);
            return false;
        }
        int found = in.forEachByte(NEITHER_QUOTE_NOR_BACKSLASH);
        int end = found < 0 ? in.writerIndex() : found;
        cutBytes += end - in.readerIndex();
        in.readerIndex(end);
        if (found < 0) {
            return false;
        }
        boolean quote = in.readByte() == '"';
        if (!quote) {
            cutEscape = true;
            cutBytes++;
        }
        return quote;
    }

    private static boolean continuesCharacter(byte b) {
        return (b & 0xC0) == 0x80;
    }
}
