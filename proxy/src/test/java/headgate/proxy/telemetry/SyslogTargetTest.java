package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.conf.AccessLogConfig;
import headgate.conf.AccessLogConfig.Target;
import headgate.proxy.journey.ServiceSocket;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lines to a syslog daemon: one datagram each, bounded, and a daemon that comes back has missed none. */
@Timeout(60)
final class SyslogTargetTest {
    private static final String HEADER =
            "<134>1 \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z \\S+ headgate \\d+ access - ";

    private final Path socket;

    SyslogTargetTest(@TempDir Path directory) {
        socket = directory.resolve("log");
    }

    private AccessTarget target(int datagramBytes) throws IOException {
        return Objects.requireNonNull(
                AccessTarget.open(new AccessLogConfig(Target.SYSLOG, socket, null, datagramBytes)));
    }

    private static AccessPage page(String... lines) {
        AccessPage page = new AccessPage(0);
        for (String line : lines) {
            page.raw(line).endLine();
        }
        return page;
    }

    @Test
    void everyLineIsAMessageOfItsOwn() throws Exception {
        try (ServiceSocket daemon = new ServiceSocket(socket.toString())) {
            assertThat(target(8192).write(page("{\"a\":1}", "{}", "{\"b\":2}"))).isZero();
            assertThat(daemon.next()).matches(HEADER + "\\{\"a\":1}");
            assertThat(daemon.next()).matches(HEADER + "\\{}");
            assertThat(daemon.next()).matches(HEADER + "\\{\"b\":2}");
        }
    }

    @Test
    void theHostsNameIsFoundWhereTheSystemsPartOfProcIsHidden(@TempDir Path files) throws Exception {
        Path hidden = files.resolve("nothing");
        Path broken = Files.writeString(files.resolve("broken"), "two words\n");
        Path name = Files.writeString(files.resolve("hostname"), "node-7\n");
        assertThat(SyslogTarget.hostName(List.of(hidden, broken, name))).isEqualTo("node-7");
        assertThat(SyslogTarget.hostName(List.of(hidden))).isEqualTo("-");
    }

    @Test
    void aLineIsCutWhereTheDatagramEnds() throws Exception {
        try (ServiceSocket daemon = new ServiceSocket(socket.toString())) {
            AccessTarget target = target(480);
            target.write(page("x"));
            int header = daemon.next().length() - 1;
            for (int length : new int[] {479 - header, 480 - header, 481 - header, 5000}) {
                // A second without a fraction makes a shorter header, so what is seen is compared with its own.
                assertThat(target.write(page("y".repeat(length), "z"))).isZero();
                String cut = daemon.next();
                int seen = cut.indexOf("y");
                assertThat(cut).as("length %d", length).hasSize(Math.min(480, seen + length));
                assertThat(daemon.next()).as("the next line is whole").endsWith(" z");
            }
        }
    }

    @Test
    void aDaemonThatIsAwayIsWaitedForAndMissesNothing() throws Exception {
        AccessTarget target = target(8192);
        ServiceSocket first = new ServiceSocket(socket.toString());
        assertThat(target.write(page("1"))).isZero();
        assertThat(first.next()).endsWith(" 1");
        first.close();
        Files.deleteIfExists(socket);
        CompletableFuture<Integer> lost = CompletableFuture.supplyAsync(() -> target.write(page("2", "3")));
        await().during(100, TimeUnit.MILLISECONDS).until(() -> !lost.isDone());
        try (ServiceSocket next = new ServiceSocket(socket.toString())) {
            assertThat(next.next()).endsWith(" 2");
            assertThat(next.next()).endsWith(" 3");
            assertThat(lost.join()).isZero();
        }
    }

    @Test
    void whoeverStopsDoesNotWaitForADaemonThatIsAway() throws Exception {
        AccessTarget target = target(8192);
        CompletableFuture<Integer> lost = CompletableFuture.supplyAsync(() -> target.write(page("1", "2")));
        await().during(100, TimeUnit.MILLISECONDS).until(() -> !lost.isDone());
        target.leave();
        assertThat(lost.get(20, TimeUnit.SECONDS)).as("counted as lost").isEqualTo(2);
    }

    @Test
    void aDaemonThatDoesNotReadMakesTheWriterWaitAndGetsAllInTheEnd() throws Exception {
        Epoll.ensureAvailability();
        Socket daemon = Socket.newSocketDomainDgram();
        daemon.bind(new DomainSocketAddress(socket.toFile()));
        AccessTarget target = target(8192);
        int lines = 2000;
        CompletableFuture<Integer> lost = CompletableFuture.supplyAsync(() -> {
            int sum = 0;
            for (int i = 0; i < lines; i++) {
                sum += target.write(page("line " + i));
            }
            return sum;
        });
        await().during(200, TimeUnit.MILLISECONDS).until(() -> !lost.isDone());
        ByteBuffer read = ByteBuffer.allocateDirect(8192);
        for (int i = 0; i < lines; ) {
            int length = daemon.read(read, 0, read.capacity());
            if (length > 0) {
                byte[] bytes = new byte[length];
                read.get(0, bytes);
                assertThat(new String(bytes, StandardCharsets.US_ASCII)).endsWith(" line " + i++);
            } else {
                Thread.sleep(1);
            }
        }
        assertThat(lost.get(20, TimeUnit.SECONDS)).isZero();
        daemon.close();
    }

    @Test
    void aDaemonAcrossANetworkIsReachedByUdpAndNotWaitedFor() throws Exception {
        try (DatagramSocket daemon = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            daemon.setSoTimeout(20_000);
            AccessTarget target = udp("127.0.0.1", daemon.getLocalPort());
            assertThat(target.write(page("over udp"))).isZero();
            DatagramPacket packet = new DatagramPacket(new byte[8192], 8192);
            daemon.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII))
                    .matches(HEADER + "over udp");
        }
        assertThat(udp("255.255.255.255", 514).write(page("1", "2"))).isEqualTo(2);
    }

    private static AccessTarget udp(String host, int port) throws IOException {
        return Objects.requireNonNull(AccessTarget.open(
                new AccessLogConfig(Target.SYSLOG, null, InetSocketAddress.createUnresolved(host, port), 8192)));
    }
}
