package headgate.filters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a body, and its payload, however it is framed and however it is split. */
final class BodyReaderTest {
    private static final String NEXT = "NEXT MESSAGE";

    @Test
    void aBodyWithALengthEndsThereWhereverItIsSplit() throws FramingException {
        for (int split = 0; split <= 5; split++) {
            BodyReader reader = new BodyReader();
            reader.beginLength(5);
            assertThat(read(reader, "12345" + NEXT, split)).isEqualTo("12345|" + NEXT);
        }
        BodyReader empty = new BodyReader();
        empty.beginLength(0);
        assertThat(empty.done()).isTrue();
    }

    @Test
    void aMessageWithoutABodyTakesNothing() throws FramingException {
        BodyReader reader = new BodyReader();
        reader.beginNone();
        assertThat(reader.done()).isTrue();
        assertThat(read(reader, NEXT)).isEqualTo("|" + NEXT);
    }

    @Test
    void aBodyUntilTheCloseTakesAll() throws FramingException {
        BodyReader reader = new BodyReader();
        reader.beginUntilClose();
        assertThat(read(reader, "abc", 1)).isEqualTo("abc|");
        assertThat(reader.done()).isFalse();
        assertThat(reader.endsWithConnection()).isTrue();
    }

    @Test
    void whatRemainsIsKnownOnlyWithALength() throws FramingException {
        BodyReader reader = new BodyReader();
        reader.beginLength(10);
        assertThat(reader.remainingAtMost(9)).isFalse();
        assertThat(reader.remainingAtMost(10)).isTrue();
        reader.beginChunked();
        assertThat(reader.remainingAtMost(Long.MAX_VALUE)).isFalse();
        assertThat(read(reader, "0\r\n\r\n")).isEqualTo("|");
        assertThat(reader.remainingAtMost(0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\nhello\r\n0\r\n\r\n",
                "2\r\nhe\r\n003\r\nllo\r\n000\r\n\r\n",
                "1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n",
                "5;a=b;c=\"\t \u00e4\"\r\nhello\r\n0;last\r\n\r\n",
                "000000000000005\r\nhello\r\n0\r\nx-trailer: y\r\nz:\r\n\r\n",
            })
    void chunkFramingIsTakenOutWhereverItIsSplit(String framed) throws FramingException {
        assertThat(chunked(framed + NEXT)).isEqualTo("hello|" + NEXT);
        for (int split = 1; split < framed.length(); split++) {
            assertThat(chunked(framed + NEXT, split)).as("split at %d", split).isEqualTo("hello|" + NEXT);
            for (int second = split + 1; second < framed.length(); second++) {
                assertThat(chunked(framed + NEXT, split, second))
                        .as("%d, %d", split, second)
                        .isEqualTo("hello|" + NEXT);
            }
        }
        int[] everywhere = IntStream.range(1, framed.length()).toArray();
        assertThat(chunked(framed + NEXT, everywhere)).isEqualTo("hello|" + NEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "x\r\n",
                "-5\r\n",
                "+5\r\n",
                " 5\r\n",
                "5 \r\n",
                "5\t\r\n",
                "0x5\r\n",
                "5\n",
                "5\r\r\n",
                ";a\r\n",
                "0000000000000005\r\n",
                "fffffffffffffffff\r\n",
                "5;a\nb\r\n",
                "5;a\rb\r\n",
                "5;\u0000\r\n",
                "5;\u007f\r\n",
                "5\r\nhelloX",
                "5\r\nhello\n",
                "5\r\nhello\rX",
                "0\r\n a: b\r\n",
                "0\r\n: b\r\n",
                "0\r\na b: c\r\n",
                "0\r\na\r\n",
                "0\r\na: b\n",
                "0\r\na: b\rc\r\n",
                "0\r\na: \u0000\r\n",
                "0\r\n\rX",
                "0\r\n\n",
                "\u0665\r\n"
            })
    void chunkFramingThatIsNotExactIsRefusedWhereverItIsSplit(String framed) {
        for (int split = 0; split < framed.length(); split++) {
            int at = split;
            assertThatExceptionOfType(FramingException.class)
                    .as("split at %d", split)
                    .isThrownBy(() -> chunked(framed, at))
                    .satisfies(error -> assertThat(error.status()).isEqualTo(400));
        }
    }

    @ParameterizedTest(name = "an extension of {0} bytes passes: {1}")
    @CsvSource({"16383, true", "16384, false", "20000, false"})
    void extensionsHaveTheirBoundForEachChunk(int bytes, boolean passes) throws FramingException {
        // The carriage return counts too.
        String chunk = "1;" + "e".repeat(bytes) + "\r\nx\r\n";
        if (passes) {
            assertThat(chunked(chunk + chunk + "0\r\n\r\n")).isEqualTo("xx|");
        } else {
            assertThatExceptionOfType(FramingException.class).isThrownBy(() -> chunked(chunk));
        }
    }

    @Test
    void trailersHaveTheirBoundTogether() throws FramingException {
        String trailer = "t: " + "v".repeat(995) + "\r\n";
        assertThat(chunked("0\r\n" + trailer.repeat(16) + "\r\n")).isEqualTo("|");
        assertThatExceptionOfType(FramingException.class).isThrownBy(() -> chunked("0\r\n" + trailer.repeat(17)));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void anyPayloadInAnyChunksAndAnyPiecesArrivesWhole(long seed) throws FramingException {
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            String payload = random.ints(random.nextInt(600), 0, 256)
                    .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                    .toString();
            String framed = inChunks(payload, random) + NEXT;
            int oneIn = 1 + random.nextInt(80);
            int[] splits = IntStream.range(1, framed.length() - NEXT.length())
                    .filter(place -> random.nextInt(oneIn) == 0)
                    .toArray();
            assertThat(chunked(framed, splits)).as(Arrays.toString(splits)).isEqualTo(payload + "|" + NEXT);
        }
    }

    @Test
    void slicesThatWereTakenInFrontStayAsTheyAre() throws FramingException {
        String framed = inChunks("0123456789".repeat(30), new Random(5));
        BodyReader reader = new BodyReader();
        reader.beginChunked();
        ByteBuf in = ByteBufAllocator.DEFAULT.buffer(4096).writeBytes(bytes("a head in front of it"));
        ByteBuf head = in.readRetainedSlice(in.readableBytes());
        List<ByteBuf> slices = new ArrayList<>(List.of(head));
        StringBuilder expected = new StringBuilder("a head in front of it");
        byte[] rest = bytes(framed);
        for (int from = 0; from < rest.length; from += 37) {
            in.writeBytes(rest, from, Math.min(37, rest.length - from));
            reader.read(in);
            ByteBuf slice = in.retainedSlice(reader.payloadStart(), reader.payloadLength());
            expected.append(slice.toString(StandardCharsets.ISO_8859_1));
            slices.add(slice);
        }
        StringBuilder got = new StringBuilder();
        slices.forEach(slice -> {
            got.append(slice.toString(StandardCharsets.ISO_8859_1));
            slice.release();
        });
        in.release();
        assertThat(got).hasToString(expected.toString());
        assertThat(got).hasToString("a head in front of it" + "0123456789".repeat(30));
    }

    private static String inChunks(String payload, Random random) {
        StringBuilder framed = new StringBuilder();
        int from = 0;
        while (from < payload.length()) {
            int length = Math.min(payload.length() - from, 1 + random.nextInt(1 << random.nextInt(9)));
            framed.append(random.nextBoolean() ? "0" : "").append(Integer.toHexString(length));
            framed.append(random.nextInt(4) == 0 ? ";x=\"1\"" : "").append("\r\n");
            framed.append(payload, from, from + length).append("\r\n");
            from += length;
        }
        return framed.append("0\r\n")
                .append(random.nextBoolean() ? "a: b\r\n" : "")
                .append("\r\n")
                .toString();
    }

    private static String chunked(String framed, int... splits) throws FramingException {
        BodyReader reader = new BodyReader();
        reader.beginChunked();
        String read = read(reader, framed, splits);
        assertThat(reader.done()).as("the body is over: %s", framed).isTrue();
        return read;
    }

    /** The payload of all pieces, a bar, and what did not belong to the body any more. */
    private static String read(BodyReader reader, String text, int... splits) throws FramingException {
        byte[] bytes = bytes(text);
        StringBuilder payload = new StringBuilder();
        StringBuilder rest = new StringBuilder();
        int from = 0;
        for (int i = 0; i <= splits.length; i++) {
            int to = i < splits.length ? splits[i] : bytes.length;
            ByteBuf part = ByteBufAllocator.DEFAULT
                    .buffer(to - from + 2)
                    .writeZero(2)
                    .skipBytes(2)
                    .writeBytes(bytes, from, to - from);
            from = to;
            try {
                reader.read(part);
                payload.append(
                        part.toString(reader.payloadStart(), reader.payloadLength(), StandardCharsets.ISO_8859_1));
                rest.append(part.toString(StandardCharsets.ISO_8859_1));
            } finally {
                part.release();
            }
        }
        return payload + "|" + rest;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
