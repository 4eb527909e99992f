package headgate.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TicketKeysTest {
    private static final long TURN = TicketKeys.TURN.toNanos();

    @Test
    void aKeyIssuesForAnHourAndReadsForOneMore() {
        TicketKeys keys = new TicketKeys(-1);
        Object first = keys.issuing();
        assertThat(keys.turn(TURN - 2)).isFalse();
        assertThat(keys.issuing()).isSameAs(first);
        assertThat(keys.turn(TURN - 1)).isTrue();
        assertThat(keys.issuing()).isNotSameAs(first);
        assertThat(keys.before()).isSameAs(first);
        assertThat(keys.turn(2 * TURN - 2)).isFalse();
        assertThat(keys.turn(2 * TURN - 1)).isTrue();
        assertThat(keys.before()).isNotSameAs(first);
    }

    @Test
    void aKeyThatIsTooOldIsNotReadWhenATurnWasMissed() {
        TicketKeys keys = new TicketKeys(0);
        Object first = keys.issuing();
        assertThat(keys.turn(2 * TURN)).isTrue();
        assertThat(keys.issuing()).isNotSameAs(first);
        assertThat(keys.before()).isNotSameAs(first);
    }
}
