package headgate.filters;

import headgate.filters.api.ProxyError;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of one request body that is held back, in order, against the process's bound.
 *
 * <p>What is added is <em>kept</em>: it is released by {@link #release()}, or passed on by {@link #poll()}. What counts is
 * memory, not payload, so parts that use little of their buffer are copied together. Belongs to the exchange's event loop.
 */
public final class HeldBody {
    /** A buffer that holds fewer bytes than a quarter of its memory is copied into one that is filled. */
    private static final int WASTE_FACTOR = 4;

    private static final int COPY_BYTES = 16 * 1024;

    private final HeldBytes bound;
    private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>(4);
    private long size;
    private long reserved;

    /** A body that holds nothing yet. */
    public HeldBody(HeldBytes bound) {
        this.bound = bound;
    }

    /**
     * Adds a part behind the others.
     *
     * @param part kept, also when it does not fit: then it is released
     * @throws ProxyError 413 above the bound for one exchange, 503 above that of the process
     */
    public void add(ByteBuf part) throws ProxyError {
        if (size + part.readableBytes() > bound.perExchangeMax()) {
            part.release();
            throw ProxyError.of(
                    ProxyError.Kind.BODY_TOO_LARGE,
                    "The body is longer than the " + bound.perExchangeMax()
                            + " bytes that may be held for one request until its model is known.");
        }
        if (!tryAdd(part)) {
            part.release();
            throw ProxyError.retryLater(
                    ProxyError.Kind.UNAVAILABLE,
                    "The gateway holds as many request bodies as it may. Please retry.",
                    1000);
        }
    }

    /** Adds a part behind the others, or returns false and leaves it with the caller when the process holds too much. */
    public boolean tryAdd(ByteBuf part) {
        int length = part.readableBytes();
        ByteBuf last = parts.peekLast();
        if (last != null && length <= last.writableBytes() && length < COPY_BYTES && last.refCnt() == 1) {
            last.writeBytes(part);
            part.release();
        } else {
            int memory = wasteful(part) ? Math.max(length, COPY_BYTES) : part.capacity();
            if (!bound.tryReserve(memory)) {
                return false;
            }
            ByteBuf kept = wasteful(part) ? copied(part, memory) : part;
            reserved += kept.capacity();
            bound.release((long) memory - kept.capacity());
            parts.add(kept);
        }
        size += length;
        return true;
    }

    /** Takes the first part out; passed to the caller. Null when nothing is held. */
    public @Nullable ByteBuf poll() {
        ByteBuf part = parts.poll();
        if (part != null) {
            size -= part.readableBytes();
            reserved -= part.capacity();
            bound.release(part.capacity());
        }
        return part;
    }

    /**
     * Takes bytes out from the front, as many as the first part has but no more than asked for; passed to the caller. Null
     * when nothing is held.
     */
    public @Nullable ByteBuf poll(long bytesMax) {
        ByteBuf first = parts.peek();
        if (first == null || first.readableBytes() <= bytesMax) {
            return poll();
        }
        size -= bytesMax;
        return first.readRetainedSlice((int) bytesMax);
    }

    /** Shows each part in order; the indices must stay as they are. */
    public void forEach(Consumer<ByteBuf> action) {
        parts.forEach(action);
    }

    /** How many bytes of the body are held. */
    public long size() {
        return size;
    }

    /** Lets everything go. */
    public void release() {
        parts.forEach(ByteBuf::release);
        parts.clear();
        bound.release(reserved);
        reserved = 0;
        size = 0;
    }

    private static boolean wasteful(ByteBuf part) {
        return part.capacity() > COPY_BYTES && part.readableBytes() < part.capacity() / WASTE_FACTOR;
    }

    private static ByteBuf copied(ByteBuf part, int memory) {
        ByteBuf copy = part.alloc().directBuffer(memory, memory).writeBytes(part);
        part.release();
        return copy;
    }
}
