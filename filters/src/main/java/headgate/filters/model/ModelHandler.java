package headgate.filters.model;

import headgate.filters.BodyEnd;
import headgate.filters.Exchange;
import headgate.filters.ExchangeEnd;
import headgate.filters.HeldBody;
import headgate.filters.HeldBytes;
import headgate.filters.api.OperationMatch;
import headgate.filters.api.ProxyError;
import headgate.filters.api.Surface;
import headgate.filters.http.HeaderName;
import headgate.filters.json.JsonException;
import headgate.filters.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body as it passes, and opens the way as soon as the deployment's name is known.
 *
 * <p>Stands behind the identity and in front of all that needs the deployment. Until the name is known the exchange and its
 * body are <em>kept</em> here, against the bound on held bytes; from then on parts are passed on as they come. The scanner
 * reads on to the last byte, and {@link BodyEnd} passes only when the whole document is valid.
 */
public final class ModelHandler extends ChannelInboundHandlerAdapter {
    private static final HeaderName[] NAMING = {
        HeaderName.X_MS_MODEL_MESH_MODEL_NAME, HeaderName.AZUREML_MODEL_DEPLOYMENT
    };

    private final ScannerPool scanners;
    private final HeldBytes heldBytes;

    private @Nullable Exchange exchange;
    private @Nullable HeldBody held;

    /** A handler of one pipeline. */
    public ModelHandler(ScannerPool scanners, HeldBytes heldBytes) {
        this.scanners = scanners;
        this.heldBytes = heldBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Exchange current = exchange;
        if (message instanceof Exchange opened) {
            open(ctx, opened);
        } else if (current == null || current.scan() == null) {
            ctx.fireChannelRead(message);
        } else if (message instanceof ByteBuf part) {
            read(ctx, current, current.scan(), part);
        } else {
            end(ctx, current, current.scan());
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

    private void open(ChannelHandlerContext ctx, Exchange opened) {
        exchange = opened;
        opened.scan(scanners.take());
        OperationMatch asked = opened.requireOperation();
        if (asked.name() == null) {
            held = new HeldBody(heldBytes);
        } else {
            opened.modelName(asked.name());
            ctx.fireChannelRead(opened);
        }
    }

    private void read(ChannelHandlerContext ctx, Exchange current, JsonScanner scan, ByteBuf part) {
        try {
            scan.feed(part);
        } catch (JsonException error) {
            part.release();
            current.fail(notJson(error));
            return;
        }
        HeldBody waiting = held;
        if (waiting == null) {
            ctx.fireChannelRead(part);
            return;
        }
        try {
            waiting.add(part);
        } catch (ProxyError error) {
            current.fail(error);
            return;
        }
        if (scan.hasModel()) {
            name(ctx, current, scan.model());
        }
    }

    private void end(ChannelHandlerContext ctx, Exchange current, JsonScanner scan) {
        try {
            scan.end();
        } catch (JsonException error) {
            current.fail(notJson(error));
            return;
        }
        if (held != null) {
            String name = namedByHeader(current);
            if (name == null) {
                current.fail(noName(current.requireOperation().surface()));
                return;
            }
            name(ctx, current, name);
        }
        if (exchange == current) {
            ctx.fireChannelRead(BodyEnd.INSTANCE);
        }
    }

    /** Passes on all that was kept; a gate behind may end the exchange at any moment of it. */
    private void name(ChannelHandlerContext ctx, Exchange current, @Nullable String name) {
        HeldBody waiting = held;
        if (waiting == null || name == null) {
            throw new IllegalStateException("named twice");
        }
        current.modelName(name);
        ctx.fireChannelRead(current);
        while (exchange == current) {
            ByteBuf part = waiting.poll();
            if (part == null) {
                held = null;
                return;
            }
            ctx.fireChannelRead(part);
        }
    }

    private void letGo() {
        if (held != null) {
            held.release();
            held = null;
        }
        if (exchange != null && exchange.scan() != null) {
            scanners.giveBack(exchange.scan());
            exchange.scan(null);
        }
        exchange = null;
    }

    private static @Nullable String namedByHeader(Exchange exchange) {
        if (exchange.requireOperation().surface() == Surface.MODELS) {
            for (HeaderName name : NAMING) {
                String value = exchange.head().fields().value(name);
                if (value != null && !value.isEmpty()) {
                    return value;
                }
            }
        }
        return null;
    }

    private static ProxyError noName(Surface surface) {
        return surface == Surface.MODELS
                ? ProxyError.of(
                        ProxyError.Kind.NO_MODEL_NAME,
                        "No model specified in request. Please provide a model name in the request body or as a"
                                + " x-ms-model-mesh-model-name header.")
                : ProxyError.of(
                        ProxyError.Kind.BAD_REQUEST, "The body has no model; a deployment's name was expected.");
    }

    private static ProxyError notJson(JsonException error) {
        return ProxyError.of(
                ProxyError.Kind.BAD_REQUEST,
                "The body cannot be read at byte " + error.offset() + ": " + error.getMessage());
    }
}
