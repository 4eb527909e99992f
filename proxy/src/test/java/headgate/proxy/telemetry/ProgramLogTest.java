package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The program's own messages, as logback finds out by itself how to tell them. */
class ProgramLogTest {
    @Test
    void messagesAreLinesOnTheStandardErrorAndNothingBelowInfoIsTold() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            LoggerContext log = new LoggerContext();
            log.setMDCAdapter(new LogbackMDCAdapter());
            new ContextInitializer(log).autoConfig();
            Logger logger = log.getLogger("headgate.proxy.Some");
            logger.debug("not told");
            logger.warn("told {}", "once");
            log.getLogger("io.netty.Any").debug("not told");
            log.stop();
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(Z|[+-]\\d\\d:\\d\\d) WARN  Some: told once\\R");
    }
}
