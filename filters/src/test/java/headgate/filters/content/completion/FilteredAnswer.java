package headgate.filters.content.completion;

import headgate.conf.GatewayConfig;
import headgate.conf.LimitsConfig;
import headgate.filters.AnswerEnd;
import headgate.filters.Configured;
import headgate.filters.Deployments;
import headgate.filters.Exchange;
import headgate.filters.ExchangeProbe;
import headgate.filters.HeldBytes;
import headgate.filters.api.ProxyError;
import headgate.filters.content.FilterPolicy;
import headgate.filters.content.FilterResults;
import headgate.filters.content.Judge;
import headgate.filters.content.prompt.FilterPolicies;
import headgate.filters.http.AnswerHead;
import headgate.filters.json.JsonException;
import headgate.filters.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An answer that passes through the filter of completions, and what comes out of it. */
final class FilteredAnswer implements AutoCloseable {
    private static final LimitsConfig LIMITS = Configured.limits(1 << 20, 1 << 20);

    final HeldBytes heldBytes = new HeldBytes(LIMITS);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ExchangeProbe probe = ExchangeProbe.on(channel);
    private final StringBuilder passed = new StringBuilder();
    private @Nullable AnswerHead head;
    private boolean complete;

    /**
     * Begins an answer.
     *
     * @param policy the members of the policy, with its lists below it
     * @param choices how many are asked for
     */
    FilteredAnswer(String operation, int choices, String policy, Map<String, ? extends Judge> judges, String... more) {
        this(operation, "{\"n\":" + choices + "}", policy, judges, more);
    }

    /** Begins the answer to a body. */
    FilteredAnswer(String operation, String body, String policy, Map<String, ? extends Judge> judges, String... more) {
        GatewayConfig config = Configured.with(
                "d: { contentFilter: p, upstreams: [{ url: \"http://127.0.0.1:1\" }] }", withPolicy(policy, more));
        Exchange exchange = probe.exchange("POST /openai/v1/" + operation);
        exchange.deployment(Objects.requireNonNull(new Deployments(config).find("d")));
        exchange.scan(scan(body));
        FilterPolicy made = Objects.requireNonNull(
                new FilterPolicies(config, judges, null, null).of(Objects.requireNonNull(exchange.deployment())));
        FilterResults prompt = new FilterResults(made.config(), headgate.conf.ContentFilterConfig.Source.PROMPT);
        channel.pipeline()
                .addFirst(new CompletionFilterHandler(made, exchange, prompt, LIMITS.contentFilter(), heldBytes));
    }

    private static String[] withPolicy(String policy, String... more) {
        String[] all = new String[more.length + 1];
        System.arraycopy(more, 0, all, 0, more.length);
        all[more.length] = "contentFilters: { p: { " + policy + " } }";
        return all;
    }

    private static JsonScanner scan(String body) {
        JsonScanner scan = new JsonScanner(10, 100);
        ByteBuf part = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
        try {
            scan.feed(part);
        } catch (JsonException e) {
            throw new AssertionError(e);
        } finally {
            part.release();
        }
        return scan;
    }

    FilteredAnswer stream() {
        return begin("text/event-stream");
    }

    FilteredAnswer whole() {
        return begin("application/json");
    }

    private FilteredAnswer begin(String type) {
        try {
            byte[] bytes =
                    ("HTTP/1.1 200 OK\r\ncontent-type: " + type + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            channel.writeOutbound(AnswerHead.parse(bytes, 10));
        } catch (headgate.filters.http.FramingException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** Sends a part; what has come out so far, since the last time it was asked. */
    String part(byte[] bytes) {
        channel.writeOutbound(Unpooled.copiedBuffer(bytes));
        return taken();
    }

    String part(String text) {
        return part(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The upstream's end; what has come out since. */
    String end() {
        channel.writeOutbound(AnswerEnd.INSTANCE);
        return taken();
    }

    /** What has come out since this was asked last. */
    String taken() {
        StringBuilder out = new StringBuilder();
        for (Object message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            if (message instanceof ByteBuf part) {
                out.append(part.toString(StandardCharsets.UTF_8));
                part.release();
            } else if (message instanceof AnswerHead begins) {
                head = begins;
            } else if (message == AnswerEnd.INSTANCE) {
                complete = true;
            }
        }
        passed.append(out);
        return out.toString();
    }

    /** All that has come out. */
    String passed() {
        return passed.toString();
    }

    @Nullable
    AnswerHead head() {
        return head;
    }

    boolean complete() {
        return complete;
    }

    List<ProxyError> errors() {
        return probe.errors();
    }

    /** The exchange is over. */
    void leave() {
        channel.pipeline().remove(CompletionFilterHandler.class);
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
