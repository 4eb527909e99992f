package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import headgate.conf.AccessLogConfig;
import headgate.conf.AccessLogConfig.Target;
import headgate.filters.Downstream;
import headgate.filters.Exchange;
import headgate.filters.Principal;
import headgate.filters.ReadControl;
import headgate.filters.Usage;
import headgate.filters.api.OperationTable;
import headgate.filters.api.ProxyError;
import headgate.filters.http.AnswerHead;
import headgate.filters.http.FramingException;
import headgate.filters.http.RequestHead;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The access log: one line for each exchange, and no loop or shutdown that waits for what it goes to. */
@Timeout(30)
final class AccessLogTest {
    private static final int BYTES_MAX = 64 * 1024;

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aLineTellsOfTheExchangeWithoutItsSecrets(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("access.log");
        try (AccessLog log = new AccessLog(new AccessLogConfig(Target.FILE, file), BYTES_MAX)) {
            AccessLog.Journal journal = log.journal(channel.eventLoop(), 4);
            Exchange exchange = exchange("/openai/v1/chat/completions?api-version=v1&api-key=secret");
            exchange.principal(new Principal("na\"me", List.of()));
            exchange.attempt("http://127.0.0.1:1");
            exchange.attemptFailed("CONNECT_FAILED");
            exchange.usage(new Usage(3, 4, -1, -1));
            ExchangeRecord record = new ExchangeRecord(1_000_000, "1.1");
            record.status = 200;
            record.bytesOut = 17;
            record.answerNanos = 3_000_000;
            record.endNanos = 4_500_000;
            journal.write(exchange, record);
            record.error = ProxyError.of(ProxyError.Kind.DOWNSTREAM_GONE, "left");
            journal.write(exchange, record);
            journal.handOver();
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .contains(
                        "\"id\":\"id\"",
                        "\"http\":\"1.1\"",
                        "\"principal\":\"na\\\"me\"",
                        "\"path\":\"/openai/v1/chat/completions\"")
                .contains(
                        "\"operation\":\"chat/completions\"",
                        "\"upstream\":\"http://127.0.0.1:1\",\"attempts\":1,"
                                + "\"failedCalls\":[{\"upstream\":\"http://127.0.0.1:1\",\"why\":\"CONNECT_FAILED\"}],")
                .contains("\"status\":200,\"bytesIn\":0,\"bytesOut\":17,\"promptTokens\":3,\"completionTokens\":4,")
                .contains("\"answerMs\":2.000,\"totalMs\":3.500,\"endedBy\":\"answer\"}")
                .doesNotContain("secret", "cachedTokens", "bodyMs");
        assertThat(lines.get(1)).endsWith("\"endedBy\":\"downstream\",\"error\":\"DOWNSTREAM_GONE\"}");
    }

    @Test
    void aPageIsHandedOverByTimeToo(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("access.log");
        try (AccessLog log = new AccessLog(new AccessLogConfig(Target.FILE, file), BYTES_MAX)) {
            log.journal(channel.eventLoop(), 4).write(exchange("/openai/v1/embeddings"), new ExchangeRecord(1, "1.1"));
            channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            Awaitility.await().until(() -> Files.size(file) > 0);
        }
    }

    @Test
    void aLogThatCannotBeWrittenLosesLinesAndStopsNobody() throws Exception {
        Path full = Path.of("/dev/full");
        assertThat(full).as("a device that refuses every byte").exists();
        AccessLog log = new AccessLog(new AccessLogConfig(Target.FILE, full), BYTES_MAX);
        AccessLog.Journal journal = log.journal(channel.eventLoop(), 4);
        Exchange exchange = exchange("/openai/v1/embeddings");
        for (int i = 0; i < 100; i++) {
            journal.write(exchange, new ExchangeRecord(1, "1.1"));
            journal.handOver();
        }
        log.close();
        assertThat(log.dropped()).as("lines that were not written are counted").isEqualTo(100);
    }

    @Test
    void aFileThatWasMovedAwayIsFollowedByTheNextOneWhenThatIsSaid(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("access.log");
        Path moved = directory.resolve("access.log.1");
        try (AccessLog log = new AccessLog(new AccessLogConfig(Target.FILE, file), BYTES_MAX)) {
            write(log);
            Awaitility.await().until(() -> Files.size(file) > 0);
            log.reopen();
            write(log);
            Awaitility.await().until(() -> Files.readAllLines(file).size() == 2);
            Files.move(file, moved);
            write(log);
            Awaitility.await().until(() -> Files.readAllLines(moved).size() == 3);
            log.reopen();
            write(log);
            Awaitility.await().until(() -> Files.exists(file) && Files.size(file) > 0);
        }
        assertThat(Files.readAllLines(moved)).hasSize(3);
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void aDaemonThatIsNotThereIsToldWithTheReasonWhileLinesWait(@TempDir Path directory) throws Exception {
        Logger program = (Logger) LoggerFactory.getLogger(AccessLogWatch.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        program.addAppender(lines);
        AccessLogConfig nowhere = new AccessLogConfig(Target.SYSLOG, directory.resolve("nobody"));
        try (AccessLog log = new AccessLog(nowhere, BYTES_MAX)) {
            write(log);
            Awaitility.await().until(() -> !lines.list.isEmpty());
            assertThat(lines.list.get(0).getFormattedMessage())
                    .contains("0 were dropped so far")
                    .contains("No such file or directory");
        } finally {
            program.detachAppender(lines);
        }
    }

    private void write(AccessLog log) throws Exception {
        AccessLog.Journal journal = log.journal(channel.eventLoop(), 4);
        journal.write(exchange("/openai/v1/embeddings"), new ExchangeRecord(1, "1.1"));
        journal.handOver();
    }

    @Test
    void aLogThatIsOffWritesNothing() throws Exception {
        try (AccessLog log = new AccessLog(new AccessLogConfig(Target.OFF, null), BYTES_MAX)) {
            AccessLog.Journal journal = log.journal(channel.eventLoop(), 4);
            journal.write(exchange("/openai/v1/embeddings"), new ExchangeRecord(1, "1.1"));
            journal.handOver();
            assertThat(log.dropped()).isZero();
        }
    }

    private Exchange exchange(String target) throws FramingException, ProxyError {
        byte[] bytes = ("POST " + target + " HTTP/1.1\r\nhost: gateway\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        RequestHead head = RequestHead.parse(bytes, 10);
        Exchange exchange = new Exchange(
                head, "id", 1, new Nobody(), new Downstream(new ReadControl(channel), channel.remoteAddress()));
        exchange.operation(OperationTable.require(head));
        return exchange;
    }

    private static final class Nobody implements Exchange.Owner {
        @Override
        public void fail(Exchange exchange, ProxyError error) {
            throw new AssertionError(error);
        }

        @Override
        public void answer(Exchange exchange, int status, List<AnswerHead.Field> fields, byte[] body) {
            throw new AssertionError("nothing here answers");
        }
    }
}
