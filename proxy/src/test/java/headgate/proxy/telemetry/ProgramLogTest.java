package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The program's own messages, as logback finds out by itself how to tell them. */
class ProgramLogTest {
    @Test
    void messagesAreLinesOnTheStandardErrorAndNothingBelowInfoIsTold() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        sayTo(said, log -> {
            Logger logger = log.getLogger("headgate.proxy.Some");
            logger.debug("not told");
            logger.warn("told {}", "once");
            log.getLogger("io.netty.Any").debug("not told");
            log.stop();
        });
        assertThat(said.toString(StandardCharsets.UTF_8))
                .matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(Z|[+-]\\d\\d:\\d\\d) WARN  Some: told once\\R");
    }

    @Test
    void whoeverDoesNotReadThemHoldsNobodyUpAndHearsTheFirstOnesLater() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        ByteArrayOutputStream said = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                try {
                    read.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.write(bytes, from, length);
            }
        };
        sayTo(said, log -> {
            for (int i = 0; i < 10_000; i++) {
                log.getLogger("headgate.proxy.Some").warn("message {}", i);
            }
            read.countDown();
            log.stop();
        });
        assertThat(said.toString(StandardCharsets.UTF_8).lines().count()).isBetween(1_024L, 9_999L);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("message 1000\n");
    }

    private static void sayTo(OutputStream out, Consumer<LoggerContext> saying) throws Exception {
        PrintStream before = System.err;
        System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            LoggerContext log = new LoggerContext();
            log.setMDCAdapter(new LogbackMDCAdapter());
            new ContextInitializer(log).autoConfig();
            saying.accept(log);
        } finally {
            System.setErr(before);
        }
    }
}
