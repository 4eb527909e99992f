package headgate.loadtest.provider;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;
import java.util.function.Consumer;

/** Finds out which HTTP a caller speaks, by the preface of HTTP/2 or the lack of it; then gives its place to those who speak it. */
final class ProtocolHandler extends ByteToMessageDecoder {
    private final ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
    private final Consumer<ChannelPipeline> http11;
    private final Consumer<ChannelPipeline> http2;

    ProtocolHandler(Consumer<ChannelPipeline> http11, Consumer<ChannelPipeline> http2) {
        this.http11 = http11;
        this.http2 = http2;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int known = Math.min(in.readableBytes(), preface.readableBytes());
        boolean alike = ByteBufUtil.equals(preface, 0, in, in.readerIndex(), known);
        if (alike && known < preface.readableBytes()) {
            return;
        }
        (alike ? http2 : http11).accept(ctx.pipeline());
        ctx.pipeline().remove(this);
    }
}
