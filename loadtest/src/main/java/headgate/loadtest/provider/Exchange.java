package headgate.loadtest.provider;

import headgate.loadtest.measure.ByteCountHandler;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The outer form of one answer: its head, its framing, and the ways in which its fault can end it.
 *
 * @param ctx the {@link ExchangeHandler}'s, from where a write passes the codec
 * @param request its head
 * @param fault what is to go wrong
 */
record Exchange(ChannelHandlerContext ctx, HttpRequest request, Fault fault) {
    static final AsciiString SIMULATED_PATH = AsciiString.cached("x-simulated-path");
    static final AsciiString SIMULATED_CREDENTIAL = AsciiString.cached("x-simulated-credential");
    static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

    private static final List<String> CREDENTIALS =
            List.of("authorization", "api-key", "ocp-apim-subscription-key", "x-api-key");

    /** Whether the end of the connection is the end of the answer: by the fault, or for a caller of HTTP/1.0. */
    boolean closeDelimited() {
        return fault.is(Fault.Kind.CLOSE_DELIMITED) || request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    /** Whether it is a stream of HTTP/2, which has its connection with others. */
    boolean inStream() {
        return ctx.channel() instanceof Http2StreamChannel;
    }

    /** What makes bytes of messages; what is framed already is written on the socket's side of it. */
    ChannelHandlerContext codec() {
        return ctx.pipeline().context(inStream() ? Http2StreamFrameToHttpObjectCodec.class : HttpServerCodec.class);
    }

    /** The answer's head, without what says its length. */
    HttpResponse head(int status, CharSequence contentType) {
        HttpVersion version = closeDelimited() ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
        HttpResponse head = new DefaultHttpResponse(version, HttpResponseStatus.valueOf(status));
        HttpHeaders headers = head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(SIMULATED_PATH, request.uri())
                .set(SIMULATED_CREDENTIAL, credentials());
        String id = request.headers().get(REQUEST_ID);
        if (id != null) {
            headers.set(REQUEST_ID, id);
        }
        return head;
    }

    HttpResponse streamHead(CharSequence contentType) {
        HttpResponse head = head(200, contentType);
        head.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
        if (!closeDelimited()) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return head;
    }

    /** Flushes what is written, then ends or leaves the connection as the fault says. */
    void cut() {
        ChannelFuture written = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
        switch (fault.kind()) {
            case RESET_AFTER -> written.addListener(sent -> reset());
            case CLOSE_AFTER -> written.addListener(ChannelFutureListener.CLOSE);
            default -> {}
        }
    }

    /** Resets the connection, or the stream alone. */
    void reset() {
        ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        // From the socket's end of the pipeline, so that TLS does not say goodbye first.
        ctx.pipeline().firstContext().close();
    }

    /** Makes the bytes from here on come slowly, if that is the fault. */
    void slowDown() {
        if (fault.is(Fault.Kind.SLOW)) {
            ChannelPipeline pipeline = ctx.pipeline();
            pipeline.addBefore(
                    pipeline.context(ByteCountHandler.class).name(), null, new SlowDripHandler(fault.argument()));
        }
    }

    /** Lets the connection be fast again; only after the answer's last byte. */
    void speedUp() {
        if (fault.is(Fault.Kind.SLOW) && ctx.pipeline().get(SlowDripHandler.class) != null) {
            ctx.pipeline().remove(SlowDripHandler.class);
        }
    }

    /** The names of the credential headers that came, never their values. */
    private String credentials() {
        String came = CREDENTIALS.stream().filter(request.headers()::contains).collect(Collectors.joining(","));
        return came.isEmpty() ? "none" : came;
    }
}
