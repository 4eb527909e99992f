package headgate.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import headgate.filters.http.FramingException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForwardedNodesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "for=192.0.2.43 > 192.0.2.43",
                "For=192.0.2.43 > 192.0.2.43",
                "for=\"192.0.2.43:47011\" > 192.0.2.43:47011",
                "For=\"[2001:db8:cafe::17]:4711\" > [2001:db8:cafe::17]:4711",
                "for=192.0.2.60;proto=http;by=203.0.113.43 > 192.0.2.60",
                "proto=http; for=192.0.2.60 > 192.0.2.60",
                "for=192.0.2.43, for=198.51.100.17 > 192.0.2.43|198.51.100.17",
                "for=_hidden, for=_SEVKISEK > _hidden|_SEVKISEK",
                "for=unknown > unknown",
                "proto=https > unknown",
                "by=\"a;b,for=192.0.2.1\";for=192.0.2.2 > 192.0.2.2",
                "by=\"a\\\"b\";for=192.0.2.2 > 192.0.2.2",
                "by=\"\";for=192.0.2.2 > 192.0.2.2",
                "for=\"1\\92.0.2.1\" > 192.0.2.1",
                ",, for=192.0.2.2 ,\t,for=192.0.2.3; > 192.0.2.2|192.0.2.3"
            })
    void forwardedIsReadAsRfc7239WritesIt(String value, String nodes) throws FramingException {
        assertThat(String.join("|", ForwardedNodes.ofForwarded(value))).isEqualTo(nodes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for",
                "for=",
                "for=\"",
                "for=\"192.0.2.1",
                "for=\"192.0.2.1\\",
                "for=\"192.0.2.1\"x",
                "for=192.0.2.1:80",
                "for=[2001:db8::1]",
                "for =192.0.2.1",
                "for= 192.0.2.1",
                "for=192.0.2.1;for=192.0.2.2",
                "192.0.2.1",
                "for=192.0.2.1 for=192.0.2.2",
                "for=\", for=192.0.2.2",
                "=x",
                "for=192.0.2.1;;=",
                "f\u00fcr=x"
            })
    void whatIsNotWrittenSoIsRefusedAsAWhole(String value) {
        assertThatThrownBy(() -> ForwardedNodes.ofForwarded(value)).isInstanceOf(FramingException.class);
    }

    @Test
    void xForwardedForIsAListWithoutItsEmptyElements() {
        assertThat(ForwardedNodes.ofXForwardedFor(" a,, b:1 ,\tc,")).containsExactly("a", "b:1", "c");
        assertThat(ForwardedNodes.ofXForwardedFor("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 0",
        "192.0.2.1:65535, 192.0.2.1, 65535",
        "192.0.2.1:_port, 192.0.2.1, 0",
        "[2001:db8::1], 2001:db8:0:0:0:0:0:1, 0",
        "[2001:db8::1]:443, 2001:db8:0:0:0:0:0:1, 443",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1, 0",
        "::ffff:192.0.2.1, 192.0.2.1, 0",
        "[::ffff:192.0.2.1], 192.0.2.1, 0"
    })
    void aNodeIsAnAddressWithOrWithoutAPort(String node, String address, int port) throws FramingException {
        InetSocketAddress read = Objects.requireNonNull(ForwardedNodes.address(node));
        assertThat(read.getAddress().getHostAddress()).isEqualTo(address);
        assertThat(read.getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "Unknown", "unknown:80", "_hidden", "_hidden:80", "_a.b-c_d:_e"})
    void aNodeMayBeHidden(String node) throws FramingException {
        assertThat(ForwardedNodes.address(node)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "_",
                "host",
                "host:80",
                "192.0.2.256",
                "192.0.2.01",
                "192.0.2",
                "192.0.2.1:",
                "192.0.2.1:65536",
                "192.0.2.1:123456",
                "192.0.2.1:+1",
                "[192.0.2.1]",
                "[2001:db8::1",
                "2001:db8::1]",
                "[2001:db8::1]443",
                "[fe80::1%eth0]",
                "fe80::1%eth0",
                "[]",
                "2001:db8::g",
                "\"192.0.2.1\"",
                "unknown.",
                "_hid den"
            })
    void aNodeIsNothingElse(String node) {
        assertThatThrownBy(() -> ForwardedNodes.address(node)).isInstanceOf(FramingException.class);
    }

    @Test
    void whatAProxyAppendsIsTheLastNodeWhateverACallerWrote() {
        String marks = "for=\";, \\1.[]:_\tby";
        int read = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder written = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                written.append(random.nextInt(4) == 0 ? "for=1.2.3.4" : marks.charAt(random.nextInt(marks.length())));
            }
            try {
                List<String> nodes = ForwardedNodes.ofForwarded(written + ", for=192.0.2.9");
                assertThat(nodes).as("seed %d: %s", seed, written).last().isEqualTo("192.0.2.9");
                read++;
            } catch (FramingException e) {
                assertThat(e.status()).isEqualTo(400);
            }
        }
        assertThat(read).as("some of it could be read").isGreaterThan(500);
    }

    @Test
    void aLongFieldIsReadInOneGo() throws FramingException {
        assertThat(ForwardedNodes.ofForwarded("by=\"" + "\\a".repeat(500_000) + "\";for=192.0.2.9"))
                .containsExactly("192.0.2.9");
        assertThat(ForwardedNodes.ofForwarded("for=192.0.2.9,".repeat(70_000))).hasSize(70_000);
    }
}
