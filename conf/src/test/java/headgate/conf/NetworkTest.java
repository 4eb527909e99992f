package headgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkTest {
    private static final NetworkFormat FORMAT = new NetworkFormat();

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, 10.255.255.255, 11.0.0.0",
        "192.0.2.128/25, 192.0.2.128, 192.0.2.255, 192.0.2.127",
        "192.0.2.7, 192.0.2.7, 192.0.2.7, 192.0.2.8",
        "192.0.2.7/32, 192.0.2.7, 192.0.2.7, 192.0.2.6",
        "0.0.0.0/0, 0.0.0.0, 255.255.255.255, ::1",
        "2001:db8::/32, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::",
        "2001:db8::/33, 2001:db8::, 2001:db8:7fff:ffff:ffff:ffff:ffff:ffff, 2001:db8:8000::",
        "::/0, ::, ffff::, 10.0.0.1",
        "::1, ::1, 0:0:0:0:0:0:0:1, ::2",
        "::ffff:10.0.0.0/104, 10.0.0.0, ::ffff:10.255.255.255, 11.0.0.0",
        "10.0.0.0/8, ::ffff:10.1.2.3, ::ffff:a01:203, ::a01:203"
    })
    void a_network_has_its_first_and_last_address_and_not_the_next(
            String network, String first, String last, String other) {
        Network read = Objects.requireNonNull(FORMAT.read(network));
        assertThat(read.contains(address(first))).isTrue();
        assertThat(read.contains(address(last))).isTrue();
        assertThat(read.contains(address(other))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "10.0.0/8",
                "10/8",
                "010.0.0.0/8",
                "10.0.0.256",
                "1.2.3.4.5",
                "localhost",
                "example.com/8",
                ":",
                ":::",
                "::1/129",
                "2001:db8::1/64",
                "fe80::1%eth0",
                "[::1]",
                "1::2::3",
                "::ffff:10.0.0.0/95",
                "12345::",
                " ::1",
                "::ffff:010.0.0.1x"
            })
    void what_is_no_network_is_not_taken_for_one(String text) {
        assertThat(FORMAT.read(text)).isNull();
    }

    @Test
    void a_network_agrees_with_the_arithmetic_of_its_bits() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            int address = random.nextInt();
            int prefix = random.nextInt(33);
            int mask = prefix == 0 ? 0 : -1 << (32 - prefix);
            Network network =
                    Objects.requireNonNull(FORMAT.read(dotted(address & mask) + "/" + prefix), "seed " + seed);
            int other = address ^ (random.nextBoolean() ? 0 : 1 << random.nextInt(32));
            assertThat(network.contains(address(dotted(other))))
                    .as("seed %d: %s in %s", seed, dotted(other), network)
                    .isEqualTo((other & mask) == (address & mask));
        }
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    private static InetAddress address(String literal) {
        return Objects.requireNonNull(Network.address(literal), literal);
    }
}
