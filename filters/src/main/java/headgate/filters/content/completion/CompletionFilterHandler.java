package headgate.filters.content.completion;

import headgate.conf.ContentFilterConfig.Annotation;
import headgate.conf.ContentFilterConfig.Outage;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.LimitsConfig;
import headgate.filters.AnswerEnd;
import headgate.filters.Exchange;
import headgate.filters.HeldBytes;
import headgate.filters.api.Operation;
import headgate.filters.api.ProxyError;
import headgate.filters.content.FilterPolicy;
import headgate.filters.content.FilterResults;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.HeaderName;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks of one answer whether it may be said, and tells what was found in its prompt.
 *
 * <p>Stands nearer to the caller than what counts what an upstream made, for one exchange only. A stream's events go on when
 * they are decided; an answer that is no stream waits until it is complete, with its head. What cannot be judged (an encoded body, no
 * JSON, too much) goes on or fails as the policy says; what is too much for rules fails.
 */
public final class CompletionFilterHandler extends ChannelOutboundHandlerAdapter implements JudgedOutput {
    private enum Way {
        /** As it came. */
        UNTOUCHED,
        JUDGED,
        /** To nobody: the caller has all it gets. */
        NOWHERE
    }

    private final FilterPolicy policy;
    private final Exchange exchange;
    private final FilterResults prompt;
    private final LimitsConfig.ContentFilter limits;
    private final HeldBytes heldBytes;

    private Way way = Way.UNTOUCHED;
    private @Nullable ChannelHandlerContext context;
    private @Nullable EventReader reader;
    private @Nullable JudgedAnswer answer;
    private @Nullable AnswerHead head;
    private @Nullable ByteBuf decided;
    private long reserved;
    private boolean writing;

    /**
     * A handler for the answer of one exchange.
     *
     * @param prompt what was found in the prompt; complete before the answer begins
     */
    public CompletionFilterHandler(
            FilterPolicy policy,
            Exchange exchange,
            FilterResults prompt,
            LimitsConfig.ContentFilter limits,
            HeldBytes heldBytes) {
        this.policy = policy;
        this.exchange = exchange;
        this.prompt = prompt;
        this.limits = limits;
        this.heldBytes = heldBytes;
    }

    /** Whether this exchange's answer is judged. */
    public static boolean judges(FilterPolicy policy, Exchange exchange) {
        return policy.config().judges(Source.COMPLETION)
                && exchange.requireOperation().operation().answersText();
    }

    /** Whether this exchange's answer tells what was found in its prompt. */
    public static boolean tells(FilterPolicy policy, Exchange exchange, FilterResults prompt) {
        Set<Annotation> told = policy.config().annotations();
        return !prompt.isEmpty()
                && (told.contains(Annotation.RESULTS) || told.contains(Annotation.PROMPT_EVENT))
                && exchange.requireOperation().operation().answersText();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        way = Way.NOWHERE;
        if (answer != null) {
            answer.leave();
            answer = null;
        }
        reserve(0);
        if (decided != null) {
            decided.release();
            decided = null;
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof AnswerHead begins && begins.status() >= 200 && begins.status() < 300) {
            promise.trySuccess();
            begin(ctx, begins);
        } else if (way == Way.UNTOUCHED) {
            ctx.write(message, promise);
        } else {
            promise.trySuccess();
            writing = true;
            if (message instanceof ByteBuf part) {
                read(ctx, part);
            } else if (message == AnswerEnd.INSTANCE) {
                end();
            }
            writing = false;
            pass(ctx);
        }
    }

    private void begin(ChannelHandlerContext ctx, AnswerHead begins) {
        boolean judges = policy.config().judges(Source.COMPLETION);
        boolean stream = begins.isEventStream();
        Operation operation = exchange.requireOperation().operation();
        boolean tells = policy.config().annotations().contains(Annotation.RESULTS);
        boolean readable = begins.fields().find(HeaderName.CONTENT_ENCODING) < 0;
        if (!readable && judges) {
            unreadable(ctx, begins);
            return;
        }
        if (stream) {
            ctx.write(judges || tellsPrompt(operation) ? begins.withContentLength(-1) : begins);
            if (tellsPrompt(operation)) {
                release(AnswerEvent.own(Frames.prompt(prompt)));
                pass(ctx);
            }
        } else if (!readable || (!judges && (!tells || prompt.isEmpty()))) {
            ctx.write(begins);
            return;
        } else {
            head = begins;
        }
        if (judges || !stream) {
            way = Way.JUDGED;
            reader = new EventReader(stream, operation == Operation.RESPONSES);
            EventEdits edits = new EventEdits(!stream, tells, tells ? prompt : null);
            EventLoop loop = (EventLoop) ctx.executor();
            AnswerPolicy says = new AnswerPolicy(policy, limits, operation, stream);
            answer = new JudgedAnswer(says, ChoiceCount.of(exchange), loop, edits, this);
        }
    }

    /** A response's events have no place for it. */
    private boolean tellsPrompt(Operation operation) {
        return policy.config().annotations().contains(Annotation.PROMPT_EVENT)
                && operation != Operation.RESPONSES
                && !prompt.isEmpty();
    }

    private void unreadable(ChannelHandlerContext ctx, AnswerHead begins) {
        if (policy.config().outage() == Outage.CLOSED
                || !policy.rules(Source.COMPLETION).isEmpty()) {
            unavailable();
        } else {
            ctx.write(begins);
        }
    }

    private void read(ChannelHandlerContext ctx, ByteBuf part) {
        EventReader reads = reader;
        JudgedAnswer judged = answer;
        if (way == Way.NOWHERE || judged == null || reads == null) {
            part.release();
            return;
        }
        reads.add(part);
        for (AnswerEvent event = reads.next(); event != null && way == Way.JUDGED; event = reads.next()) {
            judged.read(event);
        }
        if (way == Way.JUDGED && !fits() && !(judged.tryGoOnUnjudged() && fits())) {
            if (judged.mayGoOnUnread()) {
                letGo(ctx, reads);
            } else {
                judged.unavailable();
            }
        }
    }

    private boolean fits() {
        return waiting() <= limits.answerBytes() && reserve(waiting());
    }

    /** More waits than may: nothing that follows is looked at. */
    private void letGo(ChannelHandlerContext ctx, EventReader reads) {
        AnswerHead waiting = head;
        if (waiting != null) {
            head = null;
            ctx.write(waiting);
        }
        AnswerEvent last = reads.last();
        if (last != null) {
            release(last);
        }
        pass(ctx);
        way = Way.UNTOUCHED;
    }

    private void end() {
        EventReader reads = reader;
        JudgedAnswer judged = answer;
        if (way == Way.JUDGED && judged != null && reads != null) {
            AnswerEvent last = reads.last();
            if (last != null) {
                judged.read(last);
            }
            judged.end();
        }
    }

    @Override
    public void release(AnswerEvent event) {
        if (decided == null) {
            decided = requireContext().alloc().directBuffer(event.length());
        }
        event.writeTo(decided);
    }

    @Override
    public void released() {
        if (!writing) {
            pass(requireContext());
        }
    }

    @Override
    public void complete() {
        ChannelHandlerContext ctx = requireContext();
        pass(ctx);
        if (head != null) {
            ctx.write(head.withContentLength(0));
        }
        way = Way.NOWHERE;
        reserve(0);
        ctx.writeAndFlush(AnswerEnd.INSTANCE);
    }

    @Override
    public void unavailable() {
        way = Way.NOWHERE;
        reserve(0);
        exchange.fail(ProxyError.retryLater(
                ProxyError.Kind.UNAVAILABLE, "The content filter cannot judge this answer now.", 1000));
    }

    /** Writes what was decided; when a judge and not the upstream brought it about, nobody else flushes it. */
    private void pass(ChannelHandlerContext ctx) {
        ByteBuf out = decided;
        if (out == null) {
            return;
        }
        decided = null;
        AnswerHead waiting = head;
        if (waiting != null) {
            head = null;
            ctx.write(waiting.withContentLength(out.readableBytes()));
        }
        if (writing) {
            ctx.write(out, ctx.voidPromise());
        } else {
            ctx.writeAndFlush(out, ctx.voidPromise());
        }
        reserve(waiting());
    }

    private long waiting() {
        return way != Way.JUDGED || reader == null || answer == null ? 0 : reader.waiting() + answer.queued();
    }

    /** Books what waits now; false when the process holds too much. */
    private boolean reserve(long bytes) {
        if (bytes > reserved && !heldBytes.tryReserve(bytes - reserved)) {
            return false;
        }
        heldBytes.release(Math.max(0, reserved - bytes));
        reserved = bytes;
        return true;
    }

    private ChannelHandlerContext requireContext() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }
}
