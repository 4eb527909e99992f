package headgate.filters.content.prompt;

import headgate.conf.ContentFilterConfig.Category;
import headgate.conf.ContentFilterConfig.Outage;
import headgate.conf.ContentFilterConfig.Source;
import headgate.conf.LimitsConfig;
import headgate.filters.BodyEnd;
import headgate.filters.Exchange;
import headgate.filters.HeldBody;
import headgate.filters.HeldBytes;
import headgate.filters.LateGateHandler;
import headgate.filters.api.ProxyError;
import headgate.filters.content.FilterPolicy;
import headgate.filters.content.FilterResults;
import headgate.filters.content.Judge;
import headgate.filters.content.Judge.Question;
import headgate.filters.content.TextRules;
import headgate.filters.content.Verdict;
import headgate.filters.content.completion.CompletionFilterHandler;
import headgate.filters.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The gate that asks whether a prompt may be said.
 *
 * <p>Stands behind what refuses for less, and nearest to the relay of all gates. Rules read the texts as their parts pass; judges
 * are asked when the body is complete, whose last bytes the relay withholds until this gate has decided too. Where
 * something may be masked, parts are <em>kept</em> here until that is decided, against the bound on held bytes, and released at
 * the exchange's end. A deployment without a policy passes through.
 */
public final class PromptFilterHandler extends LateGateHandler {
    private final PolicyChoice policies;
    private final PromptScans scans;
    private final LimitsConfig limits;
    private final HeldBytes heldBytes;
    private final String before;

    private @Nullable Exchange exchange;
    private @Nullable FilterPolicy policy;
    private @Nullable PromptReader reader;
    private @Nullable HeldBody held;
    private @Nullable ChannelHandler completion;
    private int pending;

    /**
     * A gate of one pipeline.
     *
     * @param policies asked for each exchange
     * @param scans those of the loop
     * @param before the name of the handler in front of which completions are judged
     */
    public PromptFilterHandler(
            PolicyChoice policies, PromptScans scans, LimitsConfig limits, HeldBytes heldBytes, String before) {
        super(heldBytes, limits.pipelinedBytes());
        this.policies = policies;
        this.scans = scans;
        this.limits = limits;
        this.heldBytes = heldBytes;
        this.before = before;
    }

    @Override
    protected void judge(ChannelHandlerContext ctx, Exchange opened) {
        exchange = opened;
        FilterPolicy chosen = policies.of(opened.requireDeployment());
        policy = chosen;
        if (chosen != null && opened.scan() != null) {
            FilterResults told = new FilterResults(chosen.config(), Source.PROMPT);
            boolean asks = !chosen.judges(Source.PROMPT).isEmpty();
            TextRules rules = chosen.rules(Source.PROMPT);
            if (asks || !rules.isEmpty()) {
                int bytesMax = limits.contentFilter().judgedBytes();
                reader = new PromptReader(scans.take(rules), told, asks ? new QuestionTexts(bytesMax) : null);
            }
            held = chosen.config().masks(Source.PROMPT) ? new HeldBody(heldBytes) : null;
            if (CompletionFilterHandler.judges(chosen, opened)) {
                place(ctx, chosen, opened, told);
            }
        }
        pass(opened);
    }

    private void place(ChannelHandlerContext ctx, FilterPolicy chosen, Exchange judged, FilterResults told) {
        completion = new CompletionFilterHandler(chosen, judged, told, limits.contentFilter(), heldBytes);
        ctx.pipeline().addBefore(before, null, completion);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Exchange current = exchange;
        PromptReader reading = reader;
        JsonScanner scan = current == null ? null : current.scan();
        if (current == null || reading == null || scan == null) {
            super.channelRead(ctx, message);
        } else if (message instanceof ByteBuf part) {
            read(ctx, current, reading, scan, part);
        } else {
            if (message == BodyEnd.INSTANCE) {
                passOn(ctx, Long.MAX_VALUE);
            }
            super.channelRead(ctx, message);
        }
    }

    private void read(
            ChannelHandlerContext ctx, Exchange current, PromptReader reading, JsonScanner scan, ByteBuf part) {
        HeldBody keeps = held;
        if (keeps == null) {
            reading.read(scan, part, null);
        } else {
            ByteBuf read = part.retainedDuplicate();
            try {
                keeps.add(part);
                reading.read(scan, read, keeps);
            } catch (ProxyError error) {
                current.fail(error);
                return;
            } finally {
                read.release();
            }
        }
        FilterResults told = reading.results();
        if (told.blocked()) {
            if (keeps == null) {
                part.release();
            }
            current.fail(told.refusal());
        } else if (keeps == null) {
            super.channelRead(ctx, part);
        } else {
            passOn(ctx, reading.decided(scan) - (reading.position() - keeps.size()));
        }
    }

    /** Passes on the first bytes of those that are held. */
    private void passOn(ChannelHandlerContext ctx, long bytes) {
        long left = bytes;
        while (held != null && left > 0) {
            ByteBuf part = held.poll(left);
            if (part == null) {
                return;
            }
            left -= part.readableBytes();
            super.channelRead(ctx, part);
        }
    }

    @Override
    protected void judgeEnd(ChannelHandlerContext ctx, Exchange judged) throws ProxyError {
        FilterPolicy chosen = policy;
        PromptReader read = reader;
        JsonScanner scan = judged.scan();
        List<Judge.Text> texts = read == null || scan == null ? null : read.texts(scan);
        endReading();
        if (chosen == null || read == null) {
            passEnd(judged);
            return;
        }
        if (scan != null && scan.hasMedia()) {
            read.results().media();
        }
        FilterResults told = read.results();
        if (read.tooLong()) {
            unavailable(chosen, told);
        }
        if (texts == null || texts.isEmpty()) {
            passJudged(ctx, judged, chosen, told);
            return;
        }
        Map<Judge, Set<Category>> judges = chosen.judges(Source.PROMPT);
        pending = judges.size();
        judges.forEach((judge, categories) -> judge.judge(
                (EventLoop) ctx.executor(), new Question(Source.PROMPT, categories, texts), new Judge.Answer() {
                    @Override
                    public void found(Verdict verdict) {
                        told.judged(verdict);
                        answered(ctx, judged, chosen, told);
                    }

                    @Override
                    public void failed(Verdict known, String why) {
                        told.judged(known);
                        told.unavailable();
                        answered(ctx, judged, chosen, told);
                    }
                }));
    }

    private void endReading() {
        if (reader != null) {
            scans.giveBack(reader.scan());
            reader = null;
        }
    }

    /** One of the judges has answered; the last one decides. */
    private void answered(ChannelHandlerContext ctx, Exchange judged, FilterPolicy chosen, FilterResults told) {
        if (judged != exchange || --pending > 0) {
            return;
        }
        if (told.blocked()) {
            judged.fail(told.refusal());
            return;
        }
        try {
            if (told.isUnavailable()) {
                unavailable(chosen, told);
            }
            passJudged(ctx, judged, chosen, told);
        } catch (ProxyError error) {
            judged.fail(error);
        }
    }

    private void passJudged(ChannelHandlerContext ctx, Exchange judged, FilterPolicy chosen, FilterResults told) {
        if (completion == null && CompletionFilterHandler.tells(chosen, judged, told)) {
            place(ctx, chosen, judged, told);
        }
        passEnd(judged);
    }

    private static void unavailable(FilterPolicy chosen, FilterResults told) throws ProxyError {
        told.unavailable();
        if (chosen.config().outage() == Outage.CLOSED) {
            throw ProxyError.retryLater(
                    ProxyError.Kind.UNAVAILABLE, "The content filter cannot judge this prompt now.", 1000);
        }
    }

    @Override
    protected void over(Exchange ended) {
        exchange = null;
        policy = null;
        endReading();
        if (held != null) {
            held.release();
            held = null;
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        super.userEventTriggered(ctx, event);
        ChannelHandler filter = completion;
        if (filter != null && exchange == null) {
            completion = null;
            ctx.pipeline().remove(filter);
        }
    }
}
