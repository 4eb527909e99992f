package headgate.proxy.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the program's own messages go, and how they look: a line each, to the standard error.
 *
 * <p>A thread of its own writes them. Whoever stops reading them stops neither an event loop nor a reload.
 *
 * <p>Found by logback as a service. Said here and not in XML, since logback takes a fifth of the whole start to read that; whoever
 * wants another log names a file by the property {@code logback.configurationFile}, which is then read.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class ProgramLog extends ContextAwareBase implements Configurator {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSZZZZZ} %-5level %logger{0}: %msg%n%rEx{12}";

    /** So many wait to be read; what comes then is lost. */
    private static final int LINES_MAX = 1024;

    /** Made by logback. */
    public ProgramLog() {}

    /** Says what is still to be said, for a second at most: the program ends. */
    public static void end() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    @Override
    public ExecutionStatus configure(LoggerContext log) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(log);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> lines = new ConsoleAppender<>();
        lines.setContext(log);
        lines.setName("STDERR");
        lines.setTarget("System.err");
        lines.setEncoder(encoder);
        lines.start();
        AsyncAppender waiting = new AsyncAppender();
        waiting.setContext(log);
        waiting.setQueueSize(LINES_MAX);
        waiting.setDiscardingThreshold(0);
        waiting.setNeverBlock(true);
        waiting.addAppender(lines);
        waiting.start();
        log.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        log.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(waiting);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
