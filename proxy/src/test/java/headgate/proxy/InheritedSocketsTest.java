package headgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ListenerConfig;
import headgate.conf.SourceConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sockets that systemd passes: to this process only, in the order of the listeners (sd_listen_fds(3)). */
final class InheritedSocketsTest {
    private static final ListenerConfig FIRST = new ListenerConfig("0.0.0.0", 80, null, SourceConfig.NONE);
    private static final ListenerConfig SECOND = new ListenerConfig("0.0.0.0", 443, null, SourceConfig.NONE);
    private static final String OWN = Long.toString(ProcessHandle.current().pid());

    @Test
    void eachListenerHasItsSocketOnce() {
        InheritedSockets sockets = passed(OWN, "2");
        assertThat(sockets.take(InheritedSockets.name(SECOND))).isEqualTo(4);
        assertThat(sockets.take(InheritedSockets.name(FIRST))).isEqualTo(3);
        assertThat(sockets.take(InheritedSockets.name(FIRST))).isEqualTo(-1);
    }

    @Test
    void aListenerBeyondThoseThatArePassedHasNone() {
        InheritedSockets sockets = passed(OWN, "1");
        assertThat(sockets.take(InheritedSockets.name(FIRST))).isEqualTo(3);
        assertThat(sockets.take(InheritedSockets.name(SECOND))).isEqualTo(-1);
    }

    @Test
    void whatIsPassedToAnotherProcessIsNotTaken() {
        assertThat(passed("1", "2").take(InheritedSockets.name(FIRST))).isEqualTo(-1);
        assertThat(InheritedSockets.passed(List.of(FIRST), Map.of()).take(InheritedSockets.name(FIRST)))
                .isEqualTo(-1);
    }

    private static InheritedSockets passed(String pid, String count) {
        return InheritedSockets.passed(List.of(FIRST, SECOND), Map.of("LISTEN_PID", pid, "LISTEN_FDS", count));
    }
}
