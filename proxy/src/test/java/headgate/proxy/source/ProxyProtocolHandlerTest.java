package headgate.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.conf.LimitsConfig;
import headgate.filters.Downstream;
import headgate.filters.ReadControl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY header in both versions: read at every split, refused as soon as it is none. */
final class ProxyProtocolHandlerTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String REST = "what follows";

    private EmbeddedChannel channel = new EmbeddedChannel();
    private Downstream downstream = open();

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443, 192.0.2.1:56324",
        "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535, 0.0.0.0:0",
        "PROXY TCP6 2001:db8::1 ::1 1 65535, 2001:db8:0:0:0:0:0:1:1",
        "PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2, 192.0.2.1:1",
        "PROXY UNKNOWN, ",
        "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535, "
    })
    void aLineTellsTheSource(String line, @Nullable String source) {
        assertToldAtEverySplit((line + "\r\n").getBytes(StandardCharsets.US_ASCII), source);
    }

    @ParameterizedTest
    @CsvSource({
        "2111000c c0000201 c6336401 dc0401bb, 192.0.2.1:56324",
        "21210024 20010db8000000000000000000000001 00000000000000000000000000000001 000101bb, 2001:db8:0:0:0:0:0:1:1",
        "21210024 00000000000000000000ffffc0000201 00000000000000000000000000000001 000101bb, 192.0.2.1:1",
        "21110013 c0000201 c6336401 dc0401bb 04000401020304, 192.0.2.1:56324",
        "20000000, ",
        "20110003 010203, ",
        "21000000, ",
        "21000002 ffff, "
    })
    void aBinaryHeaderTellsTheSource(String hex, @Nullable String source) {
        assertToldAtEverySplit(HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", "")), source);
    }

    @Test
    void aUnixSocketIsNoSource() {
        assertToldAtEverySplit(HexFormat.of().parseHex(SIGNATURE + "213100d8" + "2f".repeat(216)), null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXX",
                "PROXY\t",
                "PRI * HTTP/2.0",
                "proxy TCP4 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 3\r\n",
                "PROXY TCP4  192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 65536\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 01 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 +1 2\r\n",
                "PROXY TCP4 192.0.2.01 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP6 fe80::1%lo ::1 1 2\r\n",
                "PROXY TCP4 localhost 198.51.100.1 1 2\r\n",
                "PROXY UDP4 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY \r\n",
                "PROXY unknown\r\n",
                "\r\n\r\n\0\r\nQUIX",
                "\u0016\u0003\u0001"
            })
    void whatIsNoHeaderEndsTheConnection(String bytes) {
        assertRefused(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1111000c c0000201 c6336401 dc0401bb", "2211000c c0000201 c6336401 dc0401bb",
                "2112000c c0000201 c6336401 dc0401bb", "2141000c c0000201 c6336401 dc0401bb",
                "2111000b c0000201 c6336401 dc0401",
                        "21210023" + "0000000000000000000000000000000000000000000000000000000000000000000000",
                "213100d7", "21110400"
            })
    void aBinaryHeaderThatIsIllFormedEndsTheConnection(String hex) {
        byte[] header = HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", ""));
        int length = 16 + ((header[14] & 0xFF) << 8 | (header[15] & 0xFF));
        assertRefused(Arrays.copyOf(header, Math.min(length, 600)));
    }

    @Test
    void aLineHasAtMost107Bytes() {
        String line = "PROXY UNKNOWN ";
        assertToldAtEverySplit((line + "x".repeat(91) + "\r\n").getBytes(StandardCharsets.US_ASCII), null);
        assertRefused((line + "x".repeat(93)).getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aBinaryHeaderHasAtMostTheBytesOfAHead() {
        byte[] most = HexFormat.of().parseHex(SIGNATURE + "200003f0" + "00".repeat(1008));
        assertToldAtEverySplit(most, null);
        assertRefused(HexFormat.of().parseHex(SIGNATURE + "200003f1"));
    }

    @Test
    void aHeaderThatDoesNotComeInTimeEndsTheConnection() {
        channel.writeInbound(Unpooled.copiedBuffer("PROXY TCP4", StandardCharsets.US_ASCII));
        channel.advanceTimeBy(9, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whateverComesNothingWorseHappensThanTheEnd() {
        byte[] good = HexFormat.of().parseHex(SIGNATURE + "2111000c" + "c0000201c6336401dc0401bb");
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = random.nextBoolean()
                    ? good.clone()
                    : "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\r\n".getBytes(StandardCharsets.US_ASCII);
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            send(bytes, random.nextInt(bytes.length + 1));
            InetSocketAddress source = (InetSocketAddress) downstream.source();
            assertThat(!channel.isOpen() && source.getPort() != 7)
                    .as("seed %d: what was refused was not believed", seed)
                    .isFalse();
        }
    }

    private void assertToldAtEverySplit(byte[] header, @Nullable String source) {
        for (int split = 0; split <= header.length; split++) {
            send(header, split);
            channel.writeInbound(Unpooled.copiedBuffer(REST, StandardCharsets.US_ASCII));
            InetSocketAddress told = (InetSocketAddress) downstream.source();
            assertThat(told.getAddress().getHostAddress() + ":" + told.getPort())
                    .as("split at %d", split)
                    .isEqualTo(source == null ? "127.0.0.1:7" : source);
            assertThat(rest()).as("split at %d", split).isEqualTo(REST);
            assertThat(channel.pipeline().get(ProxyProtocolHandler.class)).isNull();
        }
    }

    private void assertRefused(byte[] bytes) {
        for (int split = 0; split <= bytes.length; split++) {
            send(bytes, split);
            assertThat(channel.isOpen()).as("split at %d", split).isFalse();
            assertThat(rest()).isEmpty();
        }
    }

    private void send(byte[] bytes, int split) {
        channel.finishAndReleaseAll();
        channel = new EmbeddedChannel();
        downstream = open();
        channel.writeInbound(Unpooled.copiedBuffer(bytes, 0, split));
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, split, bytes.length - split));
        }
    }

    private String rest() {
        StringBuilder rest = new StringBuilder();
        for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
            rest.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }
        return rest.toString();
    }

    private Downstream open() {
        Downstream opened =
                new Downstream(new ReadControl(channel), new InetSocketAddress(InetAddress.getLoopbackAddress(), 7));
        channel.pipeline().addLast(new ProxyProtocolHandler(limits(), opened));
        return opened;
    }

    private static LimitsConfig limits() {
        try {
            return ConfigLoader.load("""
                            limits: { requestLineBytes: 256B, headerBytes: 1KiB, headerTime: 10s }
                            deployments: { d: { upstreams: [{ url: http://h }] } }
                            """, Path.of("test.yaml").toAbsolutePath(), Map.of())
                    .limits();
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
