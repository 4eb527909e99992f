package headgate.filters.fetch;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Promise;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One connection: sends a request, takes its answer, stands last, and is kept or closes.
 *
 * <p>An answer that nobody asked for closes it.
 */
final class FetchHandler extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final KeptConnections kept;

    private FetchRequest request;
    private @Nullable Promise<FetchAnswer> answer;
    private @Nullable Runnable orElse;
    private @Nullable ChannelHandlerContext context;

    FetchHandler(KeptConnections kept, FetchRequest request, Promise<FetchAnswer> answer) {
        this.kept = kept;
        this.request = request;
        this.answer = answer;
    }

    /** Whether it waits for an answer. */
    boolean busy() {
        return answer != null;
    }

    void close() {
        if (context != null) {
            context.close();
        }
    }

    /**
     * Sends another request, on a connection that was kept; false when it is no longer there.
     *
     * @param closed what to do when it turns out that the other side had closed it
     */
    boolean again(FetchRequest next, Promise<FetchAnswer> waiting, Runnable closed) {
        if (context == null || !context.channel().isActive()) {
            return false;
        }
        request = next;
        answer = waiting;
        orElse = closed;
        begin();
        return true;
    }

    /** Sends the request. */
    void begin() {
        ChannelHandlerContext ctx = context;
        Promise<FetchAnswer> waiting = answer;
        if (ctx != null && waiting != null) {
            waiting.addListener(done -> {
                if (answer == waiting) {
                    answer = null;
                    ctx.close();
                }
            });
            ctx.writeAndFlush(head(request, kept.any()));
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
        Promise<FetchAnswer> waiting = answer;
        if (waiting == null || response.decoderResult().isFailure()) {
            orElse = null;
            fail("the answer is not HTTP");
            ctx.close();
            return;
        }
        FetchAnswer fetched = new FetchAnswer(
                response.status().code(),
                Math.max(0, response.headers().getInt(HttpHeaderNames.RETRY_AFTER, 0)),
                ByteBufUtil.getBytes(response.content()));
        answer = null;
        if (!HttpUtil.isKeepAlive(response) || !kept.keep(ctx.channel().eventLoop(), request, this)) {
            ctx.close();
        }
        waiting.trySuccess(fetched);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("the connection ended before the answer did");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(String.valueOf(cause.getMessage()));
        ctx.close();
    }

    private void fail(String what) {
        Promise<FetchAnswer> waiting = answer;
        answer = null;
        if (waiting == null) {
            return;
        }
        if (orElse != null && !waiting.isDone()) {
            orElse.run();
        } else {
            waiting.tryFailure(new FetchException(request.url(), what));
        }
    }

    private static FullHttpRequest head(FetchRequest request, boolean keepAlive) {
        URI url = request.url();
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
        FullHttpRequest head = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(request.method()),
                target,
                Unpooled.wrappedBuffer(request.body()));
        head.headers()
                .set(HttpHeaderNames.HOST, url.getRawAuthority())
                .set(HttpHeaderNames.CONTENT_LENGTH, request.body().length);
        if (!keepAlive) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        request.fields().forEach(field -> head.headers().add(field.name(), field.value()));
        return head;
    }
}
