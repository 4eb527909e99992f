package headgate.proxy.journey;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;

/** One request, whole, and the stream it came on; the answer can be written on any thread. */
record H2Call(Http2Headers headers, String body, Http2FrameStream stream, Channel channel, int connection) {
    /** A field of the request, or an empty text. */
    String field(String name) {
        CharSequence value = headers.get(name);
        return value == null ? "" : value.toString();
    }

    /** Sends a head; fields are names and values in turn, not looked at. */
    H2Call head(int status, String... fields) {
        channel.writeAndFlush(headersOf(status, fields, false));
        return this;
    }

    /** Sends a head with any text for a status. */
    H2Call headOf(String status) {
        Http2Headers headers = new DefaultHttp2Headers(false).status(status);
        channel.writeAndFlush(new DefaultHttp2HeadersFrame(headers, false).stream(stream));
        return this;
    }

    /** Sends a part of the body. */
    H2Call data(String text) {
        channel.writeAndFlush(dataOf(text.getBytes(StandardCharsets.UTF_8), false));
        return this;
    }

    /** Sends so many bytes. */
    H2Call data(byte[] bytes) {
        channel.writeAndFlush(dataOf(bytes, false));
        return this;
    }

    /** Ends the answer. */
    void end() {
        channel.writeAndFlush(dataOf(new byte[0], true));
    }

    /** Ends the answer with trailers. */
    void trailers(String... fields) {
        Http2Headers trailers = fields(new DefaultHttp2Headers(false), fields);
        channel.writeAndFlush(new DefaultHttp2HeadersFrame(trailers, true).stream(stream));
    }

    /** Answers whole. */
    void json(int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        head(status, "content-type", "application/json", "content-length", Integer.toString(bytes.length));
        channel.writeAndFlush(dataOf(bytes, true));
    }

    /** Resets the stream. */
    void reset(Http2Error error) {
        channel.writeAndFlush(new DefaultHttp2ResetFrame(error).stream(stream));
    }

    /** Says which stream is the last that is processed; this side goes on as if nothing had been said. */
    void goAway(int last) {
        channel.eventLoop().execute(() -> {
            Http2FrameCodec codec = channel.pipeline().get(Http2FrameCodec.class);
            ChannelHandlerContext ctx = channel.pipeline().context(codec);
            codec.encoder().frameWriter().writeGoAway(ctx, last, 0, Unpooled.EMPTY_BUFFER, ctx.newPromise());
            ctx.flush();
        });
    }

    private DefaultHttp2HeadersFrame headersOf(int status, String[] fields, boolean last) {
        Http2Headers headers = new DefaultHttp2Headers(false).status(Integer.toString(status));
        return new DefaultHttp2HeadersFrame(fields(headers, fields), last).stream(stream);
    }

    private DefaultHttp2DataFrame dataOf(byte[] bytes, boolean last) {
        return new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), last).stream(stream);
    }

    private static Http2Headers fields(Http2Headers headers, String[] fields) {
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        return headers;
    }
}
