package headgate.filters.model;

import headgate.conf.DeploymentConfig.ExtraParameters;
import headgate.filters.BodyEnd;
import headgate.filters.Exchange;
import headgate.filters.ExchangeEnd;
import headgate.filters.api.Operation;
import headgate.filters.api.ProxyError;
import headgate.filters.api.Surface;
import headgate.filters.http.HeaderName;
import headgate.filters.json.JsonScanner;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The gate that asks what becomes of fields outside the schema of the {@code models} surface (CONTRACT.md, section 2).
 *
 * <p>Stands behind the deployment, which has the default. Refusing needs the whole body, so it is {@link BodyEnd} that is
 * stopped; the body's last bytes are withheld until it has passed.
 */
public final class ExtraParametersHandler extends ChannelInboundHandlerAdapter {
    private static final Set<String> CHAT = Set.of(
            "model",
            "messages",
            "frequency_penalty",
            "presence_penalty",
            "temperature",
            "top_p",
            "max_tokens",
            "stop",
            "stream",
            "response_format",
            "tools",
            "tool_choice",
            "seed",
            "modalities",
            // Not in the published schema, but sent by current clients as a matter of course.
            "stream_options",
            "max_completion_tokens",
            "parallel_tool_calls",
            "reasoning_effort",
            "user");
    private static final Set<String> EMBEDDINGS =
            Set.of("model", "input", "dimensions", "encoding_format", "input_type", "user");

    private @Nullable Exchange checked;

    /** A handler of one pipeline. */
    public ExtraParametersHandler() {}

    /** Whether a field is in the schema of an operation of the {@code models} surface. */
    public static boolean isKnown(Operation operation, String field) {
        return (operation == Operation.CHAT_COMPLETIONS ? CHAT : EMBEDDINGS).contains(field);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof Exchange exchange
                    && exchange.requireOperation().surface() == Surface.MODELS) {
                open(exchange);
            } else if (message == BodyEnd.INSTANCE && checked != null) {
                requireKnownFields(checked);
            }
        } catch (ProxyError error) {
            Exchange failed = message instanceof Exchange exchange ? exchange : checked;
            if (failed != null) {
                failed.fail(error);
            }
            return;
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ExchangeEnd.INSTANCE) {
            checked = null;
        }
        ctx.fireUserEventTriggered(event);
    }

    private void open(Exchange exchange) throws ProxyError {
        switch (chosen(exchange)) {
            case ERROR -> checked = exchange;
            case DROP -> exchange.dropsExtraParameters(true);
            case PASS_THROUGH -> {}
        }
    }

    private static ExtraParameters chosen(Exchange exchange) throws ProxyError {
        String value = exchange.head().fields().value(HeaderName.EXTRA_PARAMETERS);
        if (value == null) {
            return exchange.requireDeployment().config().extraParameters();
        }
        for (ExtraParameters choice : ExtraParameters.values()) {
            if (choice.word().equals(value.toLowerCase(Locale.ROOT))) {
                return choice;
            }
        }
        throw ProxyError.of(
                ProxyError.Kind.BAD_REQUEST,
                "The header extra-parameters is none of 'error', 'drop' and 'pass-through'.");
    }

    private static void requireKnownFields(Exchange exchange) throws ProxyError {
        JsonScanner scan = exchange.scan();
        if (scan == null) {
            return;
        }
        Operation operation = exchange.requireOperation().operation();
        List<String> extra = new ArrayList<>(0);
        for (int i = 0; i < scan.memberCount(); i++) {
            if (!isKnown(operation, scan.memberName(i))) {
                extra.add("'" + scan.memberName(i) + "'");
            }
        }
        if (!extra.isEmpty()) {
            throw ProxyError.of(
                    ProxyError.Kind.BAD_REQUEST,
                    "Extra parameters " + extra
                            + " are not allowed when extra-parameters is not set or set to be 'error'.");
        }
    }
}
