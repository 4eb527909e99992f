package headgate.proxy.tls;

import headgate.conf.LimitsConfig;
import headgate.conf.TlsConfig;
import headgate.filters.Downstream;
import headgate.proxy.reload.FileStamp;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of one listener: the certificates in force, replaced when their files change.
 *
 * <p>A thread of its own looks at the files. What it read comes into force with one assignment, for new connections; open
 * ones go on with what they began with. New files that cannot be used are logged, and what is in force goes on.
 */
public final class ListenerTls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerTls.class);

    private final TlsConfig config;
    private final LimitsConfig limits;
    private final EventLoopGroup loops;
    private final TicketKeys tickets = new TicketKeys(System.nanoTime());
    private final ContextMaker maker;
    private final Set<CertificateChoice> retired = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("tls-files", true));

    private volatile CertificateChoice choice;
    private FileStamp judged;
    private FileStamp seen;

    private ListenerTls(TlsConfig config, LimitsConfig limits, List<String> protocols, EventLoopGroup loops)
            throws IOException, GeneralSecurityException {
        this.config = config;
        this.limits = limits;
        this.loops = loops;
        this.maker = new ContextMaker(config, protocols, tickets);
        this.judged = FileStamp.of(config.files());
        this.seen = judged;
        this.choice = maker.read();
    }

    /**
     * Reads the files, and looks at them from now on.
     *
     * @param protocols what may be spoken inside, by their ALPN names, the preferred one first
     * @param loops the loops that take handlers from here
     * @throws IOException if a file cannot be used
     */
    public static ListenerTls start(TlsConfig config, LimitsConfig limits, List<String> protocols, EventLoopGroup loops)
            throws IOException {
        try {
            ListenerTls tls = new ListenerTls(config, limits, protocols, loops);
            long millis = config.reloadTime().toMillis();
            tls.looks.scheduleWithFixedDelay(tls::look, millis, millis, TimeUnit.MILLISECONDS);
            return tls;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the certificates cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the files once, and keeps nothing.
     *
     * @throws IOException if a file cannot be used, with what was found in which
     */
    public static void check(TlsConfig config) throws IOException {
        try {
            new ContextMaker(config, List.of(ApplicationProtocolNames.HTTP_1_1), new TicketKeys(System.nanoTime()))
                    .read()
                    .release();
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the certificates cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * A handler for the beginning of one connection's pipeline; TLS takes its place, under its name.
     *
     * @param downstream told the caller's certificate when the handshake is done
     */
    public ChannelHandler newHandler(Downstream downstream) {
        return new ServerNameHandler(this::certificates, maker, limits, downstream);
    }

    CertificateChoice certificates() {
        return choice;
    }

    /** Lets go of everything; the listener is closed and its loops have stopped. */
    @Override
    public void close() {
        looks.shutdownNow();
        synchronized (this) {
            retired.add(choice);
            retired.forEach(this::release);
        }
    }

    /** Two looks must agree before files are read, so that they are not read while they are being written. */
    private synchronized void look() {
        if (looks.isShutdown()) {
            return;
        }
        FileStamp now = FileStamp.of(config.files());
        if (!now.equals(judged) && now.equals(seen)) {
            judged = now;
            replace();
        }
        seen = now;
        if (maker.resumes() && tickets.turn(System.nanoTime())) {
            choice.forEach(tickets::giveTo);
        }
    }

    private void replace() {
        try {
            CertificateChoice before = choice;
            choice = maker.read();
            retire(before);
            LOG.info("New certificates are in force: {}", config.certificates());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.warn("New certificates cannot be used, and the old ones go on: {}", e.toString());
        }
    }

    /** A loop may just have found a certificate there; when each has done something else, none has. */
    private void retire(CertificateChoice before) {
        retired.add(before);
        List<EventExecutor> all = new ArrayList<>();
        loops.forEach(all::add);
        AtomicInteger left = new AtomicInteger(all.size());
        for (EventExecutor loop : all) {
            loop.execute(() -> {
                if (left.decrementAndGet() == 0) {
                    release(before);
                }
            });
        }
    }

    private void release(CertificateChoice before) {
        if (retired.remove(before)) {
            before.release();
        }
    }
}
