package headgate.proxy.downstream;

import headgate.filters.Continue;
import headgate.filters.Exchange;
import headgate.filters.ExchangeEnd;
import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import headgate.filters.http.HeaderFields;
import headgate.filters.http.HeaderName;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The gate that asks whether a body may come: of which type, and how large.
 *
 * <p>Stands behind the identity, so that {@code 100 Continue} is said only to callers who are known.
 */
final class BodyRulesHandler extends ChannelInboundHandlerAdapter {
    private final LongSupplier bodyBytesMax;

    private @Nullable Exchange exchange;
    private long bodyBytes;

    /** A gate of one pipeline; the bound is asked for by each exchange. */
    BodyRulesHandler(LongSupplier bodyBytesMax) {
        this.bodyBytesMax = bodyBytesMax;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Exchange opened) {
            exchange = opened;
            bodyBytes = 0;
            try {
                requireJson(opened.head().fields());
                requireFits(opened.head().contentLength());
                requireKnownExpectation(opened.head().fields());
            } catch (ProxyError error) {
                opened.fail(error);
                return;
            }
            if (opened.head().expectsContinue()) {
                ctx.write(Continue.INSTANCE);
            }
        } else if (message instanceof ByteBuf part && exchange != null) {
            bodyBytes += part.readableBytes();
            try {
                requireFits(bodyBytes);
            } catch (ProxyError error) {
                part.release();
                exchange.fail(error);
                return;
            }
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ExchangeEnd.INSTANCE) {
            exchange = null;
        }
        ctx.fireUserEventTriggered(event);
    }

    private void requireFits(long bytes) throws ProxyError {
        if (bytes > bodyBytesMax.getAsLong()) {
            throw ProxyError.of(
                    Kind.BODY_TOO_LARGE,
                    "The body is longer than the " + bodyBytesMax.getAsLong() + " bytes that are accepted.");
        }
    }

    private static void requireJson(HeaderFields fields) throws ProxyError {
        String encoding = fields.value(HeaderName.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw ProxyError.of(
                    Kind.UNSUPPORTED_MEDIA_TYPE, "A body with a Content-Encoding is not accepted; send it as it is.");
        }
        String type = fields.value(HeaderName.CONTENT_TYPE);
        if (type != null && !isJson(type.toLowerCase(Locale.ROOT))) {
            throw ProxyError.of(Kind.UNSUPPORTED_MEDIA_TYPE, "Content-Type is not application/json in UTF-8.");
        }
    }

    private static boolean isJson(String type) {
        int end = type.indexOf(';');
        String name = (end < 0 ? type : type.substring(0, end)).strip();
        boolean json = name.equals("application/json") || (name.startsWith("application/") && name.endsWith("+json"));
        int charset = type.indexOf("charset=");
        return json
                && (charset < 0 || type.substring(charset + 8).replace("\"", "").startsWith("utf-8"));
    }

    private static void requireKnownExpectation(HeaderFields fields) throws ProxyError {
        String expectation = fields.value(HeaderName.EXPECT);
        if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
            throw ProxyError.of(Kind.EXPECTATION_FAILED, "The only expectation that can be met is 100-continue.");
        }
    }
}
