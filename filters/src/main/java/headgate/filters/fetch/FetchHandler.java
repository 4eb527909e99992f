package headgate.filters.fetch;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.util.concurrent.Promise;

/** Takes the one answer of a connection, stands last, and closes behind it. */
final class FetchHandler extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final FetchRequest request;
    private final Promise<FetchAnswer> answer;

    FetchHandler(FetchRequest request, Promise<FetchAnswer> answer) {
        this.request = request;
        this.answer = answer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
        if (response.decoderResult().isFailure()) {
            fail("the answer is not HTTP");
        } else {
            answer.trySuccess(new FetchAnswer(response.status().code(), ByteBufUtil.getBytes(response.content())));
        }
        ctx.close();
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
        answer.tryFailure(new FetchException(request.url(), what));
    }
}
