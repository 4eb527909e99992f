package headgate.filters.http;

import io.netty.buffer.ByteBuf;

/**
 * Knows where the body of a message ends, however it is framed.
 *
 * <p>Belongs to one connection and is used for one message after the other. After {@link #read}, the payload is the
 * {@link #payloadLength()} bytes at {@link #payloadStart()} of the same buffer, and the buffer's reader index stands
 * behind everything that belonged to the body.
 */
public final class BodyReader {
    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final ChunkReader chunks = new ChunkReader();
    private Framing framing = Framing.NONE;
    private long remaining;
    private int payloadStart;
    private int payloadLength;

    /** A message without a body follows, or none at all. */
    public void beginNone() {
        framing = Framing.NONE;
    }

    /** A body of this many bytes follows. */
    public void beginLength(long length) {
        framing = Framing.LENGTH;
        remaining = length;
    }

    /** A body in chunks follows. */
    public void beginChunked() {
        framing = Framing.CHUNKED;
        chunks.reset();
    }

    /** A body follows that only the end of the connection ends. */
    public void beginUntilClose() {
        framing = Framing.UNTIL_CLOSE;
    }

    /** Whether the whole body has been read. */
    public boolean done() {
        return switch (framing) {
            case NONE -> true;
            case LENGTH -> remaining == 0;
            case CHUNKED -> chunks.done();
            case UNTIL_CLOSE -> false;
        };
    }

    /** Whether it is certain that no more than so many bytes of the body are still to come. */
    public boolean remainingAtMost(long bytes) {
        return done() || (framing == Framing.LENGTH && remaining <= bytes);
    }

    /** Whether the end of the connection is the honest end of this body. */
    public boolean endsWithConnection() {
        return framing == Framing.UNTIL_CLOSE;
    }

    /**
     * Reads on, up to the end of the body or of the buffer. The buffer must not be shared: framing is taken out in place.
     *
     * @throws FramingException if the framing is not well formed; the connection must end
     */
    public void read(ByteBuf in) throws FramingException {
        switch (framing) {
            case NONE -> take(in, 0);
            case LENGTH -> {
                take(in, (int) Math.min(remaining, in.readableBytes()));
                remaining -= payloadLength;
            }
            case CHUNKED -> {
                payloadLength = chunks.read(in);
                payloadStart = chunks.payloadStart();
            }
            case UNTIL_CLOSE -> take(in, in.readableBytes());
        }
    }

    /** Where the payload that was read last begins, as an index of its buffer. */
    public int payloadStart() {
        return payloadStart;
    }

    /** How long the payload that was read last is, in bytes. */
    public int payloadLength() {
        return payloadLength;
    }

    private void take(ByteBuf in, int length) {
        payloadStart = in.readerIndex();
        payloadLength = length;
        in.skipBytes(length);
    }
}
