package headgate.proxy.downstream;

import headgate.filters.http.AnswerHead;
import headgate.filters.http.ChunkWriter;
import headgate.filters.http.HeaderFields;
import headgate.filters.http.HeaderName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import io.netty.util.LeakPresenceDetector;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer after the other as HTTP/1.1: heads with the fields that go on, bodies framed for this caller.
 *
 * <p>Heads, framing and short parts are gathered in one buffer, which goes on when it is full, in front of a longer part, at
 * the answer's end and at a flush: one buffer in one system call costs less than five. Belongs to one connection.
 */
final class AnswerWriter {
    private static final AsciiString VERSION = AsciiString.cached("HTTP/1.1 ");
    private static final AsciiString LENGTH = AsciiString.cached("content-length: ");
    private static final AsciiString CHUNKED = AsciiString.cached("transfer-encoding: chunked\r\n");
    private static final AsciiString CLOSE = AsciiString.cached("connection: close\r\n");
    private static final ByteBuf CONTINUE =
            LeakPresenceDetector.staticInitializer(() -> Unpooled.unreleasableBuffer(Unpooled.directBuffer()
                    .writeBytes("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                    .asReadOnly()));
    private static final int GATHERED_BYTES = 4 * 1024;

    /** A part up to this is copied behind what is gathered. */
    private static final int COPY_BYTES_MAX = 2 * 1024;

    private static final int LINE_END = '\r' << 8 | '\n';

    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private Framing framing = Framing.NONE;
    private @Nullable ByteBuf gathered;

    /** Whether only the end of the connection ends the answer in progress. */
    boolean untilClose() {
        return framing == Framing.UNTIL_CLOSE;
    }

    /** Tells the caller to send its body. */
    void goOn(ChannelHandlerContext ctx, ChannelPromise promise) {
        ctx.writeAndFlush(CONTINUE.duplicate(), promise);
    }

    /**
     * Writes a head.
     *
     * @param method the request's method
     * @param http11 whether the caller understands chunks
     * @param close whether the connection ends with this answer
     */
    void head(
            ChannelHandlerContext ctx,
            AnswerHead head,
            String method,
            boolean http11,
            boolean close,
            ChannelPromise promise) {
        ByteBuf out = gather(ctx);
        out.writeBytes(VERSION.array());
        HttpResponseStatus status = HttpResponseStatus.valueOf(head.status());
        ByteBufUtil.writeAscii(out, status.codeAsText());
        out.writeByte(' ');
        ByteBufUtil.writeAscii(out, status.reasonPhrase());
        out.writeShort(LINE_END);
        fields(head, out);
        if (head.status() >= 200) {
            framing(head, method, http11, out);
            if (close || framing == Framing.UNTIL_CLOSE) {
                out.writeBytes(CLOSE.array());
            }
        }
        out.writeShort(LINE_END);
        promise.trySuccess();
    }

    /** Writes a part of the body, which is passed to this method; one that has no body to belong to is ended. */
    void part(ChannelHandlerContext ctx, ByteBuf part, ChannelPromise promise) {
        if (framing == Framing.NONE || !part.isReadable()) {
            part.release();
            promise.trySuccess();
            return;
        }
        boolean chunked = framing == Framing.CHUNKED;
        if (chunked) {
            ChunkWriter.sizeLine(part.readableBytes(), gather(ctx));
        }
        if (part.readableBytes() <= COPY_BYTES_MAX) {
            gather(ctx).writeBytes(part);
            part.release();
            promise.trySuccess();
        } else {
            passOn(ctx);
            ctx.write(part, promise);
        }
        if (chunked) {
            gather(ctx).writeShort(LINE_END);
        }
    }

    /** Writes what ends the body; the promise is kept when all of the answer was written. */
    void end(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (framing == Framing.CHUNKED) {
            ChunkWriter.lastChunk(gather(ctx));
        }
        framing = Framing.NONE;
        ByteBuf last = gathered;
        gathered = null;
        ctx.write(last == null ? Unpooled.EMPTY_BUFFER : last, promise);
    }

    /** Passes on what is gathered. */
    void passOn(ChannelHandlerContext ctx) {
        if (gathered != null) {
            ByteBuf out = gathered;
            gathered = null;
            ctx.write(out, ctx.voidPromise());
        }
    }

    /** Lets go of what is gathered: there is nobody to take it. */
    void release() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    /** What is gathered, with room for a short part. */
    private ByteBuf gather(ChannelHandlerContext ctx) {
        if (gathered != null && gathered.writableBytes() < COPY_BYTES_MAX) {
            passOn(ctx);
        }
        if (gathered == null) {
            gathered = ctx.alloc().directBuffer(GATHERED_BYTES);
        }
        return gathered;
    }

    private static void fields(AnswerHead head, ByteBuf out) {
        HeaderFields fields = head.fields();
        for (int i = 0; i < fields.size(); i++) {
            HeaderName name = fields.name(i);
            if ((name == null || (name.goesDownstream() && !isReplaced(name, head)))
                    && !fields.isNamedByConnection(i)) {
                fields.writeLine(i, out);
            }
        }
        for (AnswerHead.Field field : head.added()) {
            ByteBufUtil.writeAscii(out, field.name());
            out.writeShort(':' << 8 | ' ');
            ByteBufUtil.writeAscii(out, field.value());
            out.writeShort(LINE_END);
        }
    }

    /** An upstream's rate limits are not told beside the gateway's own. */
    private static boolean isReplaced(HeaderName name, AnswerHead head) {
        return name.tellsRateLimit() && head.added().stream().anyMatch(field -> name.isName(field.name()));
    }

    private void framing(AnswerHead head, String method, boolean http11, ByteBuf out) {
        if (head.isBodiless(method)) {
            framing = Framing.NONE;
            if (head.contentLength() >= 0 && head.status() != 204) {
                length(head.contentLength(), out);
            }
        } else if (head.contentLength() >= 0) {
            framing = Framing.LENGTH;
            length(head.contentLength(), out);
        } else if (http11) {
            framing = Framing.CHUNKED;
            out.writeBytes(CHUNKED.array());
        } else {
            framing = Framing.UNTIL_CLOSE;
        }
    }

    private static void length(long bytes, ByteBuf out) {
        out.writeBytes(LENGTH.array());
        ByteBufUtil.writeAscii(out, Long.toString(bytes));
        out.writeShort(LINE_END);
    }
}
