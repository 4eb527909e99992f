package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** When it is said that access lines are lost, how often, and with which reason. */
final class AccessLogWatchTest {
    private final Logger program = (Logger) LoggerFactory.getLogger(AccessLogWatch.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AccessLogWatch watch = new AccessLogWatch(() -> page(), () -> lost(), () -> why());

    private long page;
    private long lost;
    private @Nullable String why;

    private long page() {
        return page;
    }

    private long lost() {
        return lost;
    }

    private @Nullable String why() {
        return why;
    }

    @BeforeEach
    void listen() {
        lines.start();
        program.addAppender(lines);
    }

    @AfterEach
    void stop() {
        watch.close();
        program.detachAppender(lines);
    }

    @Test
    void aPageThatIsStillBeingWrittenAtTheNextLookIsStuck() {
        page = 1;
        watch.look();
        page = 2;
        watch.look();
        assertThat(said()).as("another page each time").isEmpty();
        why = "it has no room";
        watch.look();
        assertThat(said()).containsExactly("Access lines wait, and 0 were dropped so far: it has no room");
    }

    @Test
    void itIsSaidOnceInAWhileHoweverLongItLasts() {
        for (int look = 0; look < 2 * AccessLogWatch.LOOKS_APART; look++) {
            lost += 10;
            watch.look();
        }
        assertThat(said())
                .hasSize(2)
                .first()
                .asString()
                .contains("10 were dropped so far: what they go to is too slow");
    }

    @Test
    void whatIsLostAtTheEndIsSaidToo() {
        watch.look();
        lost = 3;
        watch.close();
        assertThat(said()).singleElement().asString().contains("3 were dropped");
    }

    private List<String> said() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
