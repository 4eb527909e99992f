package headgate.filters;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.util.EnumSet;

/**
 * The one owner of a channel's autoRead: it reads while nobody has a reason against it.
 *
 * <p>Belongs to the channel's event loop.
 */
public final class ReadControl {
    /** Why a channel is not read for now. */
    public enum Reason {
        /** The other side does not take what was read as fast as it comes. */
        OTHER_SIDE_FULL,
        /** More requests wait in this connection than may be read ahead. */
        PIPELINE_FULL,
        /** A gate has not decided yet whether the request may come at all. */
        UNDECIDED
    }

    private final Channel channel;
    private final EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);

    /** Takes charge of a channel that is being read. */
    public ReadControl(Channel channel) {
        this.channel = channel;
    }

    EventExecutor loop() {
        return channel.eventLoop();
    }

    /** Stops reading for this reason. */
    public void pause(Reason reason) {
        assert channel.eventLoop().inEventLoop();
        if (reasons.add(reason)) {
            channel.config().setAutoRead(false);
        }
    }

    /** Takes the reason back; reading goes on when it was the last. */
    public void resume(Reason reason) {
        assert channel.eventLoop().inEventLoop();
        if (reasons.remove(reason) && reasons.isEmpty()) {
            channel.config().setAutoRead(true);
        }
    }

    /** Whether the channel is not being read. */
    public boolean paused() {
        return !reasons.isEmpty();
    }
}
