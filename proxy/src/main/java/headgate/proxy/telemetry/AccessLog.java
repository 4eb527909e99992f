package headgate.proxy.telemetry;

import headgate.conf.AccessLogConfig;
import headgate.filters.Exchange;
import io.netty.channel.EventLoop;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line of JSON for each exchange, written by a thread of its own.
 *
 * <p>Event loops fill pages and hand them over, when full or after {@link #PAGE_MS}; when the writer is too slow and the
 * bound is reached, lines are dropped and counted, and the count is logged. No loop ever waits.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int PAGE_BYTES = 16 * 1024;
    private static final long PAGE_MS = 100;
    private static final long CLOSE_SECONDS = 5;
    private static final AccessPage END = new AccessPage(0);

    private final BlockingQueue<AccessPage> pages;
    private final AtomicLong dropped = new AtomicLong();
    private final @Nullable OutputStream out;
    private final Thread writer;
    /** Both are the writer's own. */
    private boolean failing;

    private long reported;

    /**
     * Opens the log.
     *
     * @param bytesMax bytes of lines that may wait for the writer
     * @throws IOException if the file cannot be opened
     */
    @SuppressWarnings("resource") // open as long as the program runs
    public AccessLog(AccessLogConfig config, int bytesMax) throws IOException {
        this.out = switch (config.target()) {
            case OFF -> null;
            case STDOUT -> new FileOutputStream(FileDescriptor.out);
            case FILE -> new FileOutputStream(String.valueOf(config.file()), true);
        };
        this.pages = new ArrayBlockingQueue<>(Math.max(2, bytesMax / PAGE_BYTES));
        this.writer = new Thread(this::writePages, "access-log");
        writer.setDaemon(true);
        writer.start();
    }

    /** The journal of one event loop. */
    public Journal journal(EventLoop loop) {
        return new Journal(loop);
    }

    /** Lines that were lost because what they go to was too slow, or failed. */
    public long dropped() {
        return dropped.get();
    }

    /** Writes what is waiting, as far as it can be written; the event loops must have ended, or handed their pages over. */
    @Override
    public void close() throws IOException {
        try {
            if (pages.offer(END, CLOSE_SECONDS, TimeUnit.SECONDS)) {
                writer.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writePages() {
        try {
            for (AccessPage page = pages.take(); page != END; page = pages.take()) {
                write(page);
                report();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A page that cannot be written is lost, and the next one is tried: a full disk may be emptied. */
    private void write(AccessPage page) {
        if (out == null) {
            return;
        }
        try {
            page.writeTo(out);
            failing = false;
        } catch (IOException e) {
            dropped.addAndGet(page.lines());
            if (!failing) {
                failing = true;
                LOG.error("The access log cannot be written, its lines are lost: {}", e.getMessage());
            }
        }
    }

    private void report() {
        long lost = dropped.get();
        if (lost > reported && !failing) {
            reported = lost;
            LOG.warn("{} access lines were lost so far: what they go to was too slow, or failed", lost);
        }
    }

    /** The lines of one event loop; confined to it. */
    public final class Journal {
        private final EventLoop loop;
        private AccessPage page = new AccessPage(PAGE_BYTES);
        private boolean scheduled;

        private Journal(EventLoop loop) {
            this.loop = loop;
        }

        /** Writes the line of an exchange that is over. */
        public void write(Exchange exchange, ExchangeRecord record) {
            if (out == null) {
                return;
            }
            AccessLine.write(exchange, record, page);
            if (page.full()) {
                handOver();
            } else if (!scheduled) {
                scheduled = true;
                loop.schedule(
                        () -> {
                            scheduled = false;
                            handOver();
                        },
                        PAGE_MS,
                        TimeUnit.MILLISECONDS);
            }
        }

        /** Hands over what has been written so far. */
        public void handOver() {
            if (page.lines() > 0) {
                if (!pages.offer(page)) {
                    dropped.addAndGet(page.lines());
                }
                page = new AccessPage(PAGE_BYTES);
            }
        }
    }
}
