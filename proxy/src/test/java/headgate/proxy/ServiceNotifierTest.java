package headgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.conf.TransportConfig;
import headgate.proxy.journey.ServiceSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The watchdog: fed while all event loops answer, not otherwise, and only where systemd asks this process for it. */
final class ServiceNotifierTest {
    private static final String OFTEN = "2000";

    private final Transport transport = Transport.start(new TransportConfig(2, TransportConfig.Kind.EPOLL));
    private final String path;

    ServiceNotifierTest(@TempDir Path directory) {
        path = directory.resolve("notify").toString();
    }

    @AfterEach
    void stop() {
        transport.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void itIsNotFedWhileOneLoopIsStuckAndIsAgainWhenThatGoesOn() throws Exception {
        try (ServiceSocket systemd = new ServiceSocket(path)) {
            ServiceNotifier.open(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", OFTEN), transport.loops());
            assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
            for (int loop = 0; loop < 2; loop++) {
                CountDownLatch stuck = new CountDownLatch(1);
                CountDownLatch go = new CountDownLatch(1);
                transport.loops().next().execute(() -> {
                    stuck.countDown();
                    awaitQuietly(go);
                });
                stuck.await();
                // What was asked before may have been answered by all, and be under way.
                await().during(50, TimeUnit.MILLISECONDS).until(() -> {
                    int waiting = systemd.waiting();
                    systemd.clear();
                    return waiting == 0;
                });
                assertThat(systemd.waiting()).isZero();
                go.countDown();
                assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
            }
        }
    }

    @Test
    void itIsNotFedWhereSystemdAsksAnotherProcessOrNobody() throws Exception {
        try (ServiceSocket systemd = new ServiceSocket(path)) {
            ServiceNotifier.open(
                    Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", OFTEN, "WATCHDOG_PID", "1"), transport.loops());
            ServiceNotifier notifier = ServiceNotifier.open(Map.of("NOTIFY_SOCKET", path), transport.loops());
            Thread.sleep(50);
            notifier.ready("Here");
            assertThat(systemd.next()).isEqualTo("READY=1\nSTATUS=Here");
        }
    }

    @Test
    void withoutSystemdNobodyIsTold() {
        ServiceNotifier notifier = ServiceNotifier.open(Map.of("WATCHDOG_USEC", OFTEN), transport.loops());
        notifier.ready("Here");
        notifier.reloading();
        notifier.stopping();
        assertThat(transport.loops().isShuttingDown()).isFalse();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
