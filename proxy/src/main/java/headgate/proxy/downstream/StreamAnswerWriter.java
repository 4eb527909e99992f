package headgate.proxy.downstream;

import headgate.filters.http.AnswerHead;
import headgate.filters.http.HeaderFields;
import headgate.filters.http.HeaderName;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Writes the one answer of a stream as frames of HTTP/2; parts of the body are passed on as they are.
 *
 * <p>The head of an answer without a body waits for the answer's end, so that both are one frame.
 */
final class StreamAnswerWriter {
    private static final AsciiString LENGTH = AsciiString.cached("content-length");
    private static final AsciiString CONTINUE = AsciiString.cached("100");

    private @Nullable Http2Headers bodiless;

    /** Tells the caller to send its body. */
    void goOn(ChannelHandlerContext ctx, ChannelPromise promise) {
        ctx.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers(false).status(CONTINUE)), promise);
    }

    /**
     * Writes a head.
     *
     * @param method the request's method
     */
    void head(ChannelHandlerContext ctx, AnswerHead head, String method, ChannelPromise promise) {
        Http2Headers headers =
                new DefaultHttp2Headers(false, 32).status(AsciiString.of(Integer.toString(head.status())));
        fields(head, headers);
        if (head.status() >= 200 && head.contentLength() >= 0 && head.status() != 204) {
            headers.set(LENGTH, AsciiString.of(Long.toString(head.contentLength())));
        }
        if (head.status() >= 200 && head.isBodiless(method)) {
            bodiless = headers;
            promise.trySuccess();
        } else {
            ctx.write(new DefaultHttp2HeadersFrame(headers), promise);
        }
    }

    /** Writes a part of the body, which is passed to this method; one that has no body to belong to is ended. */
    void part(ChannelHandlerContext ctx, ByteBuf part, ChannelPromise promise) {
        if (bodiless != null || !part.isReadable()) {
            part.release();
            promise.trySuccess();
        } else {
            ctx.write(new DefaultHttp2DataFrame(part), promise);
        }
    }

    /** Writes what ends the answer. */
    void end(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (bodiless != null) {
            ctx.write(new DefaultHttp2HeadersFrame(bodiless, true), promise);
        } else {
            ctx.write(new DefaultHttp2DataFrame(true), promise);
        }
    }

    private static void fields(AnswerHead head, Http2Headers headers) {
        HeaderFields fields = head.fields();
        for (int i = 0; i < fields.size(); i++) {
            HeaderName name = fields.name(i);
            if ((name == null || name.goesDownstream()) && !fields.isNamedByConnection(i)) {
                headers.add(AsciiString.of(fields.nameText(i)), new AsciiString(fields.valueBytes(i), false));
            }
        }
        for (AnswerHead.Field field : head.added()) {
            headers.add(field.name(), field.value());
        }
    }
}
