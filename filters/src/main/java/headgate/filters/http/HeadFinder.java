package headgate.filters.http;

import io.netty.buffer.ByteBuf;

/**
 * Finds the end of a head in bytes that arrive piece by piece.
 *
 * <p>It remembers how far it looked, so a head that trickles in costs no more than one that comes whole. A line that ends
 * in a bare LF is refused here, before anything is parsed.
 */
public final class HeadFinder {
    private final int lineBytesMax;
    private final int headBytesMax;
    private int looked;
    private int lineStart;
    private boolean inFirstLine = true;

    /**
     * Sets the bounds.
     *
     * @param lineBytesMax longest first line, in bytes without its end
     * @param headBytesMax longest head, in bytes with all its line ends
     */
    public HeadFinder(int lineBytesMax, int headBytesMax) {
        this.lineBytesMax = lineBytesMax;
        this.headBytesMax = headBytesMax;
    }

    /**
     * Looks for the empty line that ends the head.
     *
     * @param in starts with the head; the same bytes, with more behind them, at each call until the head is found
     * @return the head's length with its empty line, or -1 if it is not complete
     * @throws FramingException 414 or 431 above a bound, 400 for a bare LF
     */
    public int find(ByteBuf in) throws FramingException {
        int start = in.readerIndex();
        int readable = in.readableBytes();
        while (looked < readable) {
            int lineEnd = in.indexOf(start + looked, start + readable, (byte) '\n');
            if (lineEnd < 0) {
                looked = readable;
                break;
            }
            lineEnd -= start;
            if (lineEnd == 0 || in.getByte(start + lineEnd - 1) != '\r') {
                throw new FramingException(400, "A line of the head ends in a bare LF; CR LF was expected.");
            }
            int length = lineEnd + 1;
            checkBounds(lineEnd - 1, length);
            if (lineEnd - 1 == lineStart && !inFirstLine) {
                reset();
                return length;
            }
            inFirstLine = false;
            lineStart = length;
            looked = length;
        }
        boolean lineMayEnd = readable > 0 && in.getByte(start + readable - 1) == '\r';
        checkBounds(lineMayEnd ? readable - 1 : readable, readable);
        return -1;
    }

    /** Starts over, for another head. */
    public void reset() {
        looked = 0;
        lineStart = 0;
        inFirstLine = true;
    }

    private void checkBounds(int lineBytes, int headBytes) throws FramingException {
        if (inFirstLine && lineBytes > lineBytesMax) {
            throw new FramingException(414, "The request line is longer than " + lineBytesMax + " bytes.");
        }
        if (headBytes > headBytesMax) {
            throw new FramingException(431, "The head is longer than " + headBytesMax + " bytes.");
        }
    }
}
