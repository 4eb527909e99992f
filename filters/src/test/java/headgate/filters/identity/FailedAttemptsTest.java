package headgate.filters.identity;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.api.ProxyError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** How often a source may fail. */
final class FailedAttemptsTest {
    private final FailedAttempts failures = new FailedAttempts(3);

    @Test
    void aSourceIsRefusedAboveItsLimitAndNotAtIt() throws UnknownHostException {
        SocketAddress source = from("192.0.2.1");
        for (int i = 0; i < 3; i++) {
            failures.count(source);
        }
        assertThat(failures.exceeded(source)).isFalse();
        failures.count(source);
        assertThat(failures.exceeded(source)).isTrue();
        assertThat(failures.exceeded(from("192.0.2.2"))).isFalse();
    }

    @Test
    void anIpv6NetworkIsOneSource() throws UnknownHostException {
        for (int i = 0; i < 4; i++) {
            failures.count(from("2001:db8::" + i));
        }
        assertThat(failures.exceeded(from("2001:db8::ffff"))).isTrue();
        assertThat(failures.exceeded(from("2001:db8:0:1::1"))).isFalse();
    }

    @Test
    void manySourcesDoNotHideTheWorst() throws UnknownHostException {
        SocketAddress worst = from("192.0.2.1");
        for (int i = 0; i < 100; i++) {
            failures.count(worst);
        }
        for (int i = 0; i < 100_000; i++) {
            failures.count(from("10." + (i >> 16) + "." + ((i >> 8) & 0xFF) + "." + (i & 0xFF)));
        }
        assertThat(failures.exceeded(worst)).isTrue();
    }

    @Test
    void theRefusalSaysWhenTheMinuteIsOver() {
        ProxyError refusal = failures.refusal();
        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.fields().get(0).name().toString()).isEqualTo("retry-after");
        assertThat(Integer.parseInt(refusal.fields().get(0).value().toString())).isBetween(1, 61);
    }

    private static SocketAddress from(String address) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), 1234);
    }
}
