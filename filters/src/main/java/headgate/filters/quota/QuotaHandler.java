package headgate.filters.quota;

import headgate.conf.PricesConfig;
import headgate.conf.PrincipalLimitsConfig;
import headgate.filters.AnswerEnd;
import headgate.filters.Deployment;
import headgate.filters.Exchange;
import headgate.filters.HeldBytes;
import headgate.filters.LateGateHandler;
import headgate.filters.Principal;
import headgate.filters.Usage;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.HeaderName;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gate that asks whether there is room for an exchange, and settles what it has used when it is over.
 *
 * <p>Stands behind all that may refuse for nothing, and in front of the usage, which is therefore known when the exchange
 * ends. It reserves when the whole body is known. A body that may be sent on before that must have room for the request
 * by its head already; its last bytes wait in front of the relay until its tokens have room too, so no upstream can begin.
 */
public final class QuotaHandler extends LateGateHandler implements QuotaLedger.Decision {
    private final QuotaLedger ledger;
    private final Supplier<PrincipalLimitsConfig> principalLimits;
    private final IntSupplier heldBytesMax;
    private final PassedText passed = new PassedText();

    private @Nullable Executor loop;
    private @Nullable Exchange exchange;
    private @Nullable Reservation reservation;
    private TokenEstimate estimate = TokenEstimate.NONE;
    private boolean asking;
    private boolean byHead;
    private boolean requestReserved;
    private boolean granted;
    private int status;
    private boolean readable;
    private boolean eventStream;
    private boolean complete;

    /**
     * A gate of one pipeline.
     *
     * @param principalLimits asked for each exchange
     * @param heldBytesMax asked for each exchange: a body up to this is not sent on before it is complete
     */
    public QuotaHandler(
            QuotaLedger ledger,
            Supplier<PrincipalLimitsConfig> principalLimits,
            HeldBytes heldBytes,
            IntSupplier heldBytesMax,
            int waitingBytes) {
        super(heldBytes, waitingBytes);
        this.ledger = ledger;
        this.principalLimits = principalLimits;
        this.heldBytesMax = heldBytesMax;
    }

    @Override
    protected void judge(ChannelHandlerContext ctx, Exchange opened) {
        Principal principal = opened.principal();
        loop = ctx.executor();
        exchange = opened;
        reservation = new Reservation(
                opened.requireDeployment(), principal == null ? null : principal.name(), principalLimits.get());
        asking = false;
        requestReserved = false;
        granted = false;
        status = 0;
        readable = false;
        complete = false;
        long length = opened.head().contentLength();
        if (length >= 0 && length <= heldBytesMax.getAsInt()) {
            pass(opened);
        } else {
            byHead = true;
            ask(reservation, 1, 0, 0);
        }
    }

    @Override
    protected void judgeEnd(ChannelHandlerContext ctx, Exchange judged) {
        Reservation asks = reservation;
        if (asks == null) {
            throw new IllegalStateException("asked about an exchange that did not begin here");
        }
        estimate = TokenEstimate.of(judged.scan());
        long spend = cost(asks.deployment, estimate.promptTokens(), 0, estimate.completionTokens());
        byHead = false;
        ask(asks, requestReserved ? 0 : 1, estimate.tokens(), spend);
    }

    private void ask(Reservation asks, long requests, long tokens, long microUnits) {
        asking = true;
        ledger.reserve(asks, requests, tokens, microUnits, this);
    }

    @Override
    public void granted(Reservation asked) {
        Exchange waiting = exchange;
        if (asked != reservation || waiting == null) {
            ledger.settle(asked, 0, 0, 0);
            return;
        }
        asking = false;
        requestReserved = true;
        waiting.rateLimitFields(ledger.fields(asked));
        if (byHead) {
            pass(waiting);
        } else {
            granted = true;
            passEnd(waiting);
        }
    }

    @Override
    public void refused(Reservation asked, ProxyError why) {
        Exchange waiting = exchange;
        if (asked != reservation || waiting == null) {
            ledger.settle(asked, 0, 0, 0);
            return;
        }
        asking = false;
        waiting.rateLimitFields(ledger.fields(asked));
        waiting.fail(why);
    }

    @Override
    public void hop(Runnable rest) {
        if (loop != null) {
            loop.execute(rest);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof AnswerHead head && head.status() >= 200) {
            begin(head);
        } else if (message instanceof ByteBuf part && readable && !told()) {
            passed.read(part);
        } else if (message == AnswerEnd.INSTANCE) {
            complete = true;
        }
        ctx.write(message, promise);
    }

    /** Settles; where the ledger has not decided yet, what it decides is given back instead. */
    @Override
    protected void over(Exchange ended) {
        Reservation settled = reservation;
        reservation = null;
        exchange = null;
        if (settled != null && !asking) {
            settle(settled, ended);
        }
        estimate = TokenEstimate.NONE;
    }

    private void begin(AnswerHead head) {
        status = head.status();
        boolean settles = reservation != null && reservation.open();
        readable = settles && status < 300 && head.fields().find(HeaderName.CONTENT_ENCODING) < 0;
        eventStream = head.isEventStream();
        passed.reset();
    }

    /** Whether the answer has already said what was made, once for all: a whole one does, a stream may go on. */
    private boolean told() {
        Usage usage = exchange == null || eventStream ? null : exchange.usage();
        return usage != null && usage.completionTokens() >= 0;
    }

    private void settle(Reservation settled, Exchange ended) {
        boolean called = ended.sentNanos() != 0;
        if (!granted || !called) {
            // Nobody was asked, or nobody could begin, since the body's last bytes were never sent.
            ledger.settle(settled, 0, 0, 0);
        } else if (status >= 300) {
            // An error makes no tokens, and providers charge none for it; the request was made.
            ledger.settle(settled, 1, 0, 0);
        } else {
            Charge charge = Charge.of(estimate, ended.usage(), passedTokens(), complete);
            long spend = cost(settled.deployment, charge.prompt(), charge.cached(), charge.completion());
            ledger.settle(settled, 1, charge.prompt() + charge.completion(), spend);
        }
    }

    /** The completion as far as it has passed; where it cannot be read, all that was asked for. */
    private long passedTokens() {
        if (status == 0) {
            return 0;
        }
        return readable ? TokenEstimate.ofCharacters(passed.characters()) : estimate.completionTokens();
    }

    private static long cost(Deployment deployment, long prompt, long cached, long completion) {
        PricesConfig prices = deployment.config().quota().prices();
        return prices == null ? 0 : prices.cost(prompt, cached, completion);
    }
}
