package headgate.conf;

import static headgate.conf.yaml.SizeFormat.GIB;
import static headgate.conf.yaml.SizeFormat.KIB;
import static headgate.conf.yaml.SizeFormat.MIB;

import headgate.conf.yaml.CountFormat;
import headgate.conf.yaml.DurationFormat;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.SizeFormat;
import java.time.Duration;

/** The bounds of the process, and the bounds of these bounds. */
final class LimitsReader {
    private static final DurationFormat WAIT = new DurationFormat(Duration.ofMillis(100), Duration.ofHours(1));
    private static final DurationFormat LINGER = new DurationFormat(Duration.ZERO, Duration.ofMinutes(1));

    private LimitsReader() {}

    static LimitsConfig read(Section limits) {
        LimitsConfig config = new LimitsConfig(
                size(limits, "requestLineBytes", 256, MIB, 8 * KIB),
                size(limits, "headerBytes", KIB, MIB, 32 * KIB),
                count(limits, "headerCount", 1, 10_000, 100),
                size(limits, "answerHeaderBytes", KIB, MIB, 64 * KIB),
                limits.read("bodyBytes", new SizeFormat(1, 16 * GIB), 64 * MIB),
                size(limits, "heldBytes", KIB, GIB, MIB),
                size(limits, "heldBytesPerExchange", KIB, GIB, 64 * MIB),
                limits.read("heldBytesTotal", new SizeFormat(KIB, 1024 * GIB), 256 * MIB),
                size(limits, "pipelinedBytes", KIB, 16 * MIB, 64 * KIB),
                count(limits, "connections", 1, 1_000_000, 10_000),
                limits.read("headerTime", WAIT, Duration.ofSeconds(10)),
                limits.read("bodyIdle", WAIT, Duration.ofSeconds(30)),
                limits.read("keepAliveIdle", WAIT, Duration.ofSeconds(75)),
                limits.read("lingerTime", LINGER, Duration.ofSeconds(2)),
                count(limits, "jsonDepth", 1, 1024, 64),
                count(limits, "textSpans", 1, 16_777_216, 65_536),
                count(limits, "upstreamConnections", 1, 65_536, 1024),
                count(limits, "upstreamStreams", 1, 1000, 100),
                count(limits, "upstreamPending", 0, 65_536, 1024),
                limits.read("upstreamIdle", WAIT, Duration.ofSeconds(50)),
                limits.read("upstreamPing", WAIT, Duration.ofSeconds(20)),
                http2(limits.section("http2")),
                contentFilter(limits.section("contentFilter")),
                size(limits, "accessLogBytes", 64 * KIB, 256 * MIB, 4 * MIB),
                count(limits, "metricSeries", 10, 100_000, 1000),
                count(limits, "decisions", 0, 1_000_000, 10_000));
        refuseBelow(limits, "headerBytes", config.headerBytes(), "requestLineBytes", config.requestLineBytes());
        refuseBelow(limits, "heldBytesPerExchange", config.heldBytesPerExchange(), "heldBytes", config.heldBytes());
        refuseBelow(
                limits,
                "heldBytesTotal",
                config.heldBytesTotal(),
                "heldBytesPerExchange",
                config.heldBytesPerExchange());
        return config;
    }

    private static LimitsConfig.Http2 http2(Section http2) {
        return new LimitsConfig.Http2(
                count(http2, "streams", 1, 10_000, 100),
                size(http2, "windowBytes", KIB, 16 * MIB, 256 * KIB),
                count(http2, "resets", 1, 1_000_000, 200),
                count(http2, "controlFrames", 100, 1_000_000, 3000));
    }

    private static LimitsConfig.ContentFilter contentFilter(Section filter) {
        return new LimitsConfig.ContentFilter(
                count(filter, "matchCharacters", 100, 65_536, 1000),
                size(filter, "judgedBytes", KIB, 64 * MIB, MIB),
                size(filter, "answerBytes", 64 * KIB, 64 * MIB, 4 * MIB),
                count(filter, "batchCharacters", 50, 10_000, 500));
    }

    private static int size(Section limits, String key, long min, long max, long otherwise) {
        return Math.toIntExact(limits.read(key, new SizeFormat(min, max), otherwise));
    }

    private static int count(Section limits, String key, int min, int max, int otherwise) {
        return limits.read(key, new CountFormat(min, max), otherwise);
    }

    /** Says it at the key that is written: the other one may be at its default. */
    private static void refuseBelow(Section limits, String key, long bytes, String lower, long lowerBytes) {
        if (bytes >= lowerBytes || !limits.sound(key) || !limits.sound(lower)) {
            return;
        }
        SizeFormat format = new SizeFormat(0, Long.MAX_VALUE);
        String size = format.write(bytes);
        String lowerSize = format.write(lowerBytes);
        if (limits.holds(key)) {
            limits.refuse(key, size, "at least " + lower + ", which is " + lowerSize);
        } else {
            limits.refuse(lower, lowerSize, "at most " + key + ", which is " + size);
        }
    }
}
