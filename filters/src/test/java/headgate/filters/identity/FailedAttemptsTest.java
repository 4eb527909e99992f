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
    private static final long SECOND = 1_000_000_000L;

    private long nanos = -7;
    private final FailedAttempts failures = new FailedAttempts(3, () -> nanos);

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
    void theRefusalSaysWhenTheMinuteIsOverAndThenTheCountBeginsAnew() throws UnknownHostException {
        SocketAddress source = from("192.0.2.1");
        for (int i = 0; i < 4; i++) {
            failures.count(source);
        }
        nanos += 50 * SECOND;
        ProxyError refusal = failures.refusal();
        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.fields().get(0).name().toString()).isEqualTo("retry-after");
        int wait = Integer.parseInt(refusal.fields().get(0).value().toString());
        assertThat(wait).isEqualTo(11);
        nanos += 10 * SECOND - 1;
        assertThat(failures.exceeded(source)).isTrue();
        nanos++;
        assertThat(failures.exceeded(source)).isFalse();
        failures.count(source);
        assertThat(failures.exceeded(source)).isFalse();
    }

    private static SocketAddress from(String address) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), 1234);
    }
}
