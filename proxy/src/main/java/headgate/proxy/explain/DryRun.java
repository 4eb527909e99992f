package headgate.proxy.explain;

import headgate.conf.LimitsConfig;
import headgate.filters.BodyEnd;
import headgate.filters.Deployment;
import headgate.filters.Downstream;
import headgate.filters.Exchange;
import headgate.filters.ExchangeEnd;
import headgate.filters.ReadControl;
import headgate.filters.api.ProxyError;
import headgate.filters.content.FilterPolicy;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.FramingException;
import headgate.filters.http.HeadFinder;
import headgate.filters.http.RequestHead;
import headgate.filters.quota.ForecastLedger;
import headgate.proxy.downstream.DownstreamInitializer;
import headgate.proxy.downstream.LoopParts;
import headgate.proxy.routing.Endpoint;
import headgate.proxy.routing.ExchangeGateway;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One imagined exchange on its way through the real gates.
 *
 * <p>It owns the exchange as callers' ones are owned, but nothing is reserved, counted, logged or sent: what decides stands
 * in the pipeline as ever, and what would take or ask stands in it by proxy. Belongs to its event loop.
 */
final class DryRun implements Exchange.Owner {
    /** What waits longer than this waits for somebody who does not answer. */
    private static final long DECIDED_MS = 5_000;

    private final Imagined imagined;
    private final LoopParts loop;
    private final DryChannel channel;
    private final ExchangeGateway gateway;
    private final ForecastLedger ledger;
    private final CompletableFuture<String> told = new CompletableFuture<>();
    private @Nullable UnaskedPolicy policy;
    private @Nullable Exchange exchange;
    private @Nullable Future<?> patience;
    private boolean decided;

    /** On a channel that is not registered yet. */
    DryRun(Imagined imagined, LoopParts loop, DryChannel channel, ForecastLedger ledger) {
        this.imagined = imagined;
        this.loop = loop;
        this.channel = channel;
        this.gateway = new ExchangeGateway(loop.gateway());
        this.ledger = ledger;
    }

    /** The explanation, when it is decided. */
    CompletableFuture<String> told() {
        return told;
    }

    /** Sends the exchange down the gates; on the loop, when the channel is registered. */
    void begin(DownstreamInitializer gates) {
        patience = channel.eventLoop().schedule(() -> decide(Decision.undecided()), DECIDED_MS, TimeUnit.MILLISECONDS);
        ChannelPipeline pipeline = channel.pipeline();
        gateway.begin();
        gates.addGates(pipeline, loop, gateway, this::policy);
        pipeline.addLast(new ChoiceHandler(gateway, endpoint -> decide(Decision.forward(endpoint))));
        pipeline.addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                told.completeExceptionally(cause);
                decide(Decision.undecided());
            }
        });
        Exchange opened;
        try {
            opened = opened(head(loop.gateway().current().limits()));
        } catch (FramingException error) {
            fail(opened(RequestHead.UNREADABLE), ProxyError.ofFraming(error.status(), error.getMessage()));
            return;
        }
        pass(opened);
        if (!imagined.body().isEmpty()) {
            pass(ByteBufUtil.writeUtf8(channel.alloc(), imagined.body()));
        }
        pass(BodyEnd.INSTANCE);
    }

    /** The policy as this exchange meets it. */
    private @Nullable FilterPolicy policy(Deployment deployment) {
        FilterPolicy real = gateway.get().filters().of(deployment);
        policy = real == null ? null : new UnaskedPolicy(real);
        return policy;
    }

    @Override
    public void fail(Exchange failed, ProxyError error) {
        decide(Decision.refuse(error));
    }

    @Override
    public void answer(Exchange answered, int status, List<AnswerHead.Field> fields, byte[] body) {
        decide(Decision.answer(status, fields, body));
    }

    private RequestHead head(LimitsConfig limits) throws FramingException {
        byte[] bytes = imagined.head().getBytes(StandardCharsets.UTF_8);
        new HeadFinder(limits.requestLineBytes(), limits.headerBytes()).find(Unpooled.wrappedBuffer(bytes));
        return RequestHead.parse(bytes, limits.headerCount());
    }

    private Exchange opened(RequestHead head) {
        Downstream downstream = new Downstream(new ReadControl(channel), imagined.source());
        Exchange opened = new Exchange(head, "explained", System.nanoTime(), this, downstream);
        exchange = opened;
        return opened;
    }

    /** What comes behind a decision is ended, as it is for callers. */
    private void pass(Object message) {
        if (!decided) {
            channel.pipeline().fireChannelRead(message);
        } else if (message instanceof ByteBuf part) {
            part.release();
        }
    }

    /** The first decision is the one; then everything is let go of. */
    private void decide(Decision decision) {
        Exchange ended = exchange;
        if (decided || ended == null) {
            return;
        }
        decided = true;
        try {
            told.complete(new Explanation(ended, decision, ledger.told(), policy, gateway.get()).json());
        } catch (RuntimeException e) {
            told.completeExceptionally(e);
        } finally {
            if (patience != null) {
                // It would keep the request in memory until then.
                patience.cancel(false);
            }
            channel.pipeline().fireUserEventTriggered(ExchangeEnd.INSTANCE);
            gateway.end();
            channel.close();
        }
    }

    /**
     * What became of the exchange.
     *
     * @param word for people
     * @param taken the endpoint that would be called; null for none
     * @param error what the caller would be told; null for none
     * @param status of the answer that the gateway gives itself; 0 for none
     */
    record Decision(
            String word,
            @Nullable Endpoint taken,
            @Nullable ProxyError error,
            int status,
            List<AnswerHead.Field> fields,
            String body) {
        static Decision forward(Endpoint taken) {
            return new Decision("forward", taken, null, 0, List.of(), "");
        }

        static Decision refuse(ProxyError error) {
            return new Decision("refuse", null, error, error.status(), error.fields(), "");
        }

        static Decision answer(int status, List<AnswerHead.Field> fields, byte[] body) {
            return new Decision("answer", null, null, status, fields, new String(body, StandardCharsets.UTF_8));
        }

        static Decision undecided() {
            return new Decision("undecided", null, null, 0, List.of(), "");
        }
    }
}
