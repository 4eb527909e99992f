package headgate.filters.usage;

import headgate.filters.AnswerEnd;
import headgate.filters.Exchange;
import headgate.filters.ExchangeEnd;
import headgate.filters.Usage;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.HeaderName;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Looks on as the answer passes, for the usage the upstream reports, and takes out the event that only the gateway asked for.
 *
 * <p>Stands where answers come from the relay. An answer that is compressed, or of an operation that tells no usage, is not
 * looked at.
 */
public final class UsageHandler extends ChannelDuplexHandler {
    private enum Looks {
        AWAY,
        AT_ALL,
        AT_EVENTS,
        AT_EVENTS_AND_CUTS
    }

    private final UsageReader reader = new UsageReader();
    private @Nullable Exchange exchange;
    private @Nullable UsageEventCutter cutter;
    private Looks looks = Looks.AWAY;

    /** A handler of one pipeline. */
    public UsageHandler() {}

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Exchange opened) {
            exchange = opened;
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        Exchange current = exchange;
        if (current == null) {
            ctx.write(message, promise);
        } else if (message instanceof AnswerHead head) {
            ctx.write(begin(current, head), promise);
        } else if (message instanceof ByteBuf part && looks == Looks.AT_EVENTS_AND_CUTS) {
            ctx.write(requireCutter().cut(part), promise);
            tell(current);
        } else if (message instanceof ByteBuf part && looks != Looks.AWAY) {
            look(current, part);
            ctx.write(part, promise);
        } else if (message == AnswerEnd.INSTANCE && looks == Looks.AT_EVENTS_AND_CUTS) {
            ByteBuf rest = requireCutter().rest();
            if (rest != null) {
                ctx.write(rest);
            }
            ctx.write(message, promise);
        } else {
            ctx.write(message, promise);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ExchangeEnd.INSTANCE) {
            letGo();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        letGo();
    }

    private AnswerHead begin(Exchange current, AnswerHead head) {
        boolean readable = head.status() >= 200
                && head.status() < 300
                && head.fields().find(HeaderName.CONTENT_ENCODING) < 0
                && current.requireOperation().operation().tellsUsage();
        if (!readable) {
            return head;
        }
        looks = head.isEventStream() ? Looks.AT_EVENTS : Looks.AT_ALL;
        if (current.asksUsage() && looks == Looks.AT_EVENTS) {
            looks = Looks.AT_EVENTS_AND_CUTS;
            cutter = new UsageEventCutter(reader);
            return head.withContentLength(-1);
        }
        return head;
    }

    private void look(Exchange current, ByteBuf part) {
        int from = looks == Looks.AT_EVENTS ? reader.beginInStream(part) : part.readerIndex();
        while (reader.read(part, from)) {
            from = reader.foundEnd();
        }
        tell(current);
    }

    private void tell(Exchange current) {
        Usage usage = reader.last();
        if (usage != null) {
            current.usage(usage);
        }
    }

    private UsageEventCutter requireCutter() {
        if (cutter == null) {
            throw new IllegalStateException("no answer has begun");
        }
        return cutter;
    }

    private void letGo() {
        if (cutter != null) {
            cutter.release();
            cutter = null;
        }
        reader.reset();
        looks = Looks.AWAY;
        exchange = null;
    }
}
