package headgate.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what is asked of the admin listener from its table of pages.
 *
 * <p>Stands last, behind the codec and the aggregator; each request is <em>ended</em> here.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    /** Nothing that is shown here loads, or is shown by, anything from elsewhere. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final long EVENT_MS = 2000;

    /** An event: the connection is to end, behind the answer that is due. */
    static final Object LEAVE = new Object();

    private final AdminGuard guard;
    private final List<AdminPage> pages;
    private final RequestTimeHandler time;
    private boolean streaming;
    private boolean leaving;

    AdminHandler(AdminGuard guard, List<AdminPage> pages, RequestTimeHandler time) {
        this.guard = guard;
        this.pages = pages;
        this.time = time;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
        time.met();
        if (streaming) {
            ctx.close();
            return;
        }
        boolean keepAlive =
                HttpUtil.isKeepAlive(message) && message.decoderResult().isSuccess();
        boolean head = message.method().equals(HttpMethod.HEAD);
        // One at a time; resumed when it is answered.
        ctx.channel().config().setAutoRead(false);
        AdminRequest request = new AdminRequest(
                message.uri(), message.headers().copy(), message.content().toString(StandardCharsets.UTF_8));
        if (!message.decoderResult().isSuccess()) {
            write(ctx, answer(AdminAnswer.text(400, "This is not HTTP.")), false, head);
        } else if (!guard.rightPlace(request.fields())) {
            write(
                    ctx,
                    answer(AdminAnswer.text(403, "Not for pages of other origins, nor by other names.")),
                    false,
                    head);
        } else {
            AdminPage page = find(message.method().name(), request.path());
            if (page == null || !(page.open() || guard.known(request.fields()))) {
                write(ctx, refusal(request), keepAlive, head);
            } else if (!request.isSound()) {
                write(ctx, answer(AdminAnswer.text(400, "The query is not well formed.")), keepAlive, head);
            } else {
                ask(ctx, page, request, keepAlive, head);
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // While an answer is due nothing is read.
        boolean due = !ctx.channel().config().isAutoRead();
        if (event instanceof IdleStateEvent || (event == LEAVE && !due)) {
            ctx.close();
        } else if (event == LEAVE) {
            leaving = true;
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("An admin connection ends", cause);
        ctx.close();
    }

    private void ask(ChannelHandlerContext ctx, AdminPage page, AdminRequest request, boolean keepAlive, boolean head) {
        asked(page, request)
                .whenComplete((answer, error) -> ctx.executor().execute(() -> {
                    if (error != null) {
                        LOG.warn("The admin page {} failed", page.path(), error);
                    }
                    AdminAnswer given =
                            error == null ? answer : AdminAnswer.text(500, "This page failed; the log says why.");
                    if (given.events() == null || head) {
                        write(ctx, answer(given), keepAlive, head);
                    } else {
                        stream(ctx, given, given.events());
                    }
                }));
    }

    /** What a page throws is as good as a failure that comes later. */
    private static CompletionStage<AdminAnswer> asked(AdminPage page, AdminRequest request) {
        try {
            return page.answer().apply(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The connection ends with the stream; a caller that does not read is not written to. */
    private void stream(ChannelHandlerContext ctx, AdminAnswer answer, Supplier<String> events) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        fields(head, answer);
        HttpUtil.setKeepAlive(head, false);
        ctx.write(head);
        // Read again, so that it is noticed when the caller leaves.
        ctx.channel().config().setAutoRead(true);
        streaming = true;
        Runnable next = () -> {
            if (ctx.channel().isWritable()) {
                event(ctx, events);
            }
        };
        next.run();
        Future<?> ticks = ctx.executor().scheduleWithFixedDelay(next, EVENT_MS, EVENT_MS, TimeUnit.MILLISECONDS);
        ctx.channel().closeFuture().addListener(closed -> ticks.cancel(false));
    }

    private static void event(ChannelHandlerContext ctx, Supplier<String> events) {
        try {
            ctx.writeAndFlush(new DefaultHttpContent(
                    Unpooled.copiedBuffer("data: " + events.get() + "\n\n", StandardCharsets.UTF_8)));
        } catch (RuntimeException e) {
            LOG.warn("A stream of the admin listener failed, and ends", e);
            ctx.close();
        }
    }

    private @Nullable AdminPage find(String method, String path) {
        String asked = method.equals("HEAD") ? "GET" : method;
        for (AdminPage page : pages) {
            if (page.path().equals(path) && page.method().equals(asked)) {
                return page;
            }
        }
        return null;
    }

    /** Strangers are not told which pages there are. */
    private FullHttpResponse refusal(AdminRequest request) {
        if (!guard.known(request.fields())) {
            FullHttpResponse refused = answer(AdminAnswer.text(401, "The token is missing or wrong."));
            refused.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"Headgate\", charset=\"UTF-8\"");
            return refused;
        }
        List<String> allowed = pages.stream()
                .filter(page -> page.path().equals(request.path()))
                .map(page -> page.method().equals("GET") ? "GET, HEAD" : page.method())
                .toList();
        if (allowed.isEmpty()) {
            return answer(AdminAnswer.text(404, "There is no such page."));
        }
        FullHttpResponse refused = answer(AdminAnswer.text(405, "Not by this method."));
        refused.headers().set(HttpHeaderNames.ALLOW, String.join(", ", allowed));
        return refused;
    }

    private static FullHttpResponse answer(AdminAnswer answer) {
        ByteBuf body = Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8);
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
        fields(response, answer);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return response;
    }

    private static void fields(HttpResponse response, AdminAnswer answer) {
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY);
    }

    private void write(ChannelHandlerContext ctx, FullHttpResponse response, boolean wanted, boolean head) {
        boolean keepAlive = wanted && !leaving;
        HttpUtil.setKeepAlive(response, keepAlive);
        FullHttpResponse sent = head ? response.replace(Unpooled.EMPTY_BUFFER) : response;
        ctx.writeAndFlush(sent).addListener(written -> {
            if (keepAlive && !leaving && written.isSuccess()) {
                ctx.channel().config().setAutoRead(true);
            } else {
                ctx.close();
            }
        });
    }
}
