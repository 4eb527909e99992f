package headgate.proxy.telemetry;

import headgate.conf.AccessLogConfig;
import headgate.filters.Exchange;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One line of JSON for each exchange, written by a thread of its own; the last ones can be looked up.
 *
 * <p>Event loops fill pages and hand them over, when full or after {@link #PAGE_MS}; when the writer is too slow and the
 * bound is reached, lines are dropped and counted, and an {@link AccessLogWatch} says so. No loop ever waits.
 */
public final class AccessLog implements AutoCloseable {
    /** How lines of several loops are put in order: a line begins with its time. */
    public static final Comparator<String> NEWEST_FIRST = Comparator.comparing(
                    (String line) -> line.substring(0, AccessPage.TIME_BYTES))
            .reversed();

    private static final int PAGE_BYTES = 16 * 1024;
    private static final long PAGE_MS = 100;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long CLOSE_MS = 5_000;
    private static final AccessPage END = new AccessPage(0);

    private final BlockingQueue<AccessPage> pages;
    private final AtomicLong dropped = new AtomicLong();
    private final @Nullable AccessTarget out;
    private final Thread writer;
    private final AccessLogWatch watch;
    /** The page that is being written, by its number; 0 for none. */
    private volatile long writing;

    /**
     * Opens the log.
     *
     * @param bytesMax bytes of lines that may wait for the writer
     * @throws IOException if the file cannot be opened, or the way to a daemon does not exist here
     */
    public AccessLog(AccessLogConfig config, int bytesMax) throws IOException {
        this.out = AccessTarget.open(config);
        this.pages = new ArrayBlockingQueue<>(Math.max(2, bytesMax / PAGE_BYTES));
        this.writer = new Thread(this::writePages, "access-log");
        writer.setDaemon(true);
        this.watch = new AccessLogWatch(() -> writing, dropped::get, () -> out == null ? null : out.trouble());
        if (out != null) {
            writer.start();
            watch.start();
        }
    }

    /**
     * The journal of one event loop.
     *
     * @param kept how many exchanges can be found in it after their end
     */
    public Journal journal(EventLoop loop, int kept) {
        return new Journal(loop, kept);
    }

    /** Lines that were lost because the writer was too slow. */
    public long dropped() {
        return dropped.get();
    }

    /** Another file may be where the one was that is written to: whoever rotates it has moved it away. */
    public void reopen() {
        if (out != null) {
            out.reopen();
        }
    }

    /** Writes what is waiting; the event loops must have ended, or have handed their pages over. */
    @Override
    public void close() {
        if (out == null) {
            return;
        }
        out.leave();
        try {
            if (pages.offer(END, CLOSE_MS, TimeUnit.MILLISECONDS)) {
                writer.join(CLOSE_MS);
            }
            writer.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.close();
    }

    private void writePages() {
        long number = 0;
        try {
            for (AccessPage page = pages.take(); page != END; page = pages.take()) {
                writing = ++number;
                dropped.addAndGet(out == null ? 0 : out.write(page));
                writing = 0;
                if (pages.isEmpty()) {
                    // Under load, pages that came meanwhile are taken together: to be woken for each would cost more.
                    LockSupport.parkNanos(this, PAUSE_NANOS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The lines of one event loop; confined to it. */
    public final class Journal {
        private final EventLoop loop;
        private final LastLines last;
        private final AccessPage page = new AccessPage(PAGE_BYTES);
        private boolean scheduled;

        private Journal(EventLoop loop, int kept) {
            this.loop = loop;
            this.last = new LastLines(kept);
        }

        /** The lines of the last exchanges of this id, the newest first. */
        public List<String> find(String id) {
            assert loop.inEventLoop();
            handOver();
            return last.find(id);
        }

        /** Writes the line of an exchange that is over. */
        public void write(Exchange exchange, ExchangeRecord record) {
            if (out == null && last.isOff()) {
                return;
            }
            AccessLine.write(exchange, record, page);
            if (page.full()) {
                handOver();
            } else if (!scheduled && out != null) {
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
                AccessPage taken = page.take();
                last.add(taken);
                if (out != null) {
                    offer(taken);
                }
            }
        }

        private void offer(AccessPage taken) {
            if (!pages.offer(taken)) {
                dropped.addAndGet(taken.lines());
            }
            if (pages.remainingCapacity() <= pages.size()) {
                LockSupport.unpark(writer);
            }
        }
    }
}
