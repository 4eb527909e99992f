package headgate.loadtest.calls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * How much a connection reads of its socket at once: all there is, or a little each time it is told to.
 *
 * <p>A slow reader has a small receive buffer as well, so that what it leaves unread soon fills the target's side.
 */
final class ReadSize extends DefaultMaxMessagesRecvByteBufAllocator {
    /** One read of a slow reader, and its receive buffer; a stream's window is as small where a connection has many. */
    static final int SLOW_BYTES = 2048;

    private static final int FAST_BYTES = 65_536;
    private static final int FAST_BUFFER_BYTES = 262_144;
    private static final int FAST_READS = 16;

    private boolean slow;

    boolean isSlow() {
        return slow;
    }

    /** From now on the channel reads only when it is told to, or again by itself. */
    void slow(Channel channel, boolean on) {
        slow = on;
        channel.config().setOption(ChannelOption.SO_RCVBUF, on ? SLOW_BYTES : FAST_BUFFER_BYTES);
        channel.config().setAutoRead(!on);
    }

    @Override
    public int maxMessagesPerRead() {
        return slow ? 1 : FAST_READS;
    }

    @Override
    public MaxMessageHandle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return slow ? SLOW_BYTES : FAST_BYTES;
            }
        };
    }
}
