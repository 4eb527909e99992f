package headgate.proxy.tls;

import headgate.conf.LimitsConfig;
import headgate.filters.Downstream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Reads which host a caller asks for, and has netty's TLS handler with that host's certificate take its place.
 *
 * <p>Stands first, behind the PROXY header. The ClientHello is <em>kept</em> until it is whole, and passed on. Its size is
 * bounded as a request's head is, and so is the time until the handshake is done.
 */
final class ServerNameHandler extends AbstractSniHandler<SslContext> {
    /** A fatal alert, {@code unrecognized_name} (RFC 8446, sections 5.1 and 6). */
    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

    private final Supplier<CertificateChoice> certificates;
    private final ContextMaker maker;
    private final LimitsConfig limits;
    private final Downstream downstream;

    /**
     * A handler of one connection.
     *
     * @param certificates asked once, on the connection's event loop
     * @param downstream told the caller's certificate, if it shows one
     */
    ServerNameHandler(
            Supplier<CertificateChoice> certificates, ContextMaker maker, LimitsConfig limits, Downstream downstream) {
        super(limits.headerBytes(), limits.headerTime().toMillis());
        this.certificates = certificates;
        this.maker = maker;
        this.limits = limits;
        this.downstream = downstream;
    }

    @Override
    protected Future<SslContext> lookup(ChannelHandlerContext ctx, @Nullable String hostname) {
        return ctx.executor().newSucceededFuture(certificates.get().find(hostname));
    }

    /** Called before {@link #lookup} returns, so that no certificate that was found can be released in between. */
    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, String hostname, Future<SslContext> found) {
        SslContext certificate = found.getNow();
        if (certificate == null) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        SslHandler tls = maker.newHandler(certificate, ctx.alloc());
        tls.setHandshakeTimeoutMillis(limits.headerTime().toMillis());
        tls.handshakeFuture().addListener(shaken -> {
            if (shaken.isSuccess()) {
                downstream.certificate(shown(tls.engine().getSession()));
            }
        });
        ctx.pipeline().replace(this, ctx.name(), tls);
    }

    /** A ClientHello above the bound is the caller's doing; all else is not for this handler to judge. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    private static @Nullable X509Certificate shown(SSLSession session) {
        try {
            return (X509Certificate) session.getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }
}
