package headgate.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import headgate.filters.json.BodySplice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits of a body that passes in pieces, compared with edits of a text that is there as a whole. */
final class BodySpliceTest {
    @Test
    void whatIsNotEditedPassesWithoutBeingCopied() {
        ByteBuf part = ByteBufAllocator.DEFAULT.buffer().writeBytes("abcdef".getBytes(StandardCharsets.US_ASCII));
        BodySplice splice = new BodySplice();
        splice.replace(1, 5, new byte[0]);
        part.retain();
        splice.pass(part, piece -> {
            part.setByte(0, 'X');
            assertThat(piece.toString(StandardCharsets.US_ASCII)).isIn("X", "f");
            piece.release();
        });
        assertThat(splice.position()).isEqualTo(6);
        assertThat(splice.grown()).isEqualTo(-4);
        part.release();
    }

    @Test
    void anInsertionAtTheEndOfAPartComesWithTheNextByte() {
        BodySplice splice = new BodySplice();
        splice.replace(2, 2, bytes("+"));
        StringBuilder out = new StringBuilder();
        pass(splice, "ab", out);
        assertThat(out).as("it may still be changed, so it waits").hasToString("ab");
        pass(splice, "c", out);
        assertThat(out).hasToString("ab+c");
    }

    @Test
    void editsMayTouchEachOther() {
        BodySplice splice = new BodySplice();
        splice.replace(1, 2, bytes("B"));
        splice.replace(2, 2, bytes("+"));
        splice.replace(2, 3, bytes("C"));
        StringBuilder out = new StringBuilder();
        pass(splice, "abcd", out);
        assertThat(out).hasToString("aB+Cd");
    }

    @Test
    void anEditThatComesTooLateOrOutOfOrderIsADefect() {
        BodySplice splice = new BodySplice();
        splice.replace(4, 6, bytes("x"));
        assertThatIllegalArgumentException().isThrownBy(() -> splice.replace(5, 7, bytes("y")));
        assertThatIllegalArgumentException().isThrownBy(() -> splice.replace(8, 7, bytes("y")));
        pass(splice, "0123456789", new StringBuilder());
        assertThatIllegalArgumentException().isThrownBy(() -> splice.replace(9, 9, bytes("y")));
        splice.replace(10, 10, bytes("end"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void anyEditsOfAnyPiecesGiveWhatTheyGiveOfTheWhole(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            String text = "abcdefghijklmnopqrstuvwxyz".repeat(random.nextInt(4));
            StringBuilder expected = new StringBuilder(text);
            BodySplice splice = new BodySplice();
            StringBuilder out = new StringBuilder();
            int passed = 0;
            int edited = 0;
            int shift = 0;
            while (passed < text.length()) {
                edited = Math.max(edited, passed);
                if (random.nextInt(3) == 0 && edited < text.length()) {
                    int start = edited + random.nextInt(Math.min(12, text.length() - edited));
                    int end = start + random.nextInt(Math.min(6, text.length() - start));
                    String replacement = "-".repeat(random.nextInt(4));
                    splice.replace(start, end, bytes(replacement));
                    expected.replace(start + shift, end + shift, replacement);
                    shift += replacement.length() - (end - start);
                    edited = end;
                } else {
                    int to = Math.min(text.length(), passed + random.nextInt(9));
                    pass(splice, text.substring(passed, to), out);
                    passed = to;
                }
                assertThat(splice.position()).isEqualTo(passed);
                assertThat(splice.grown()).isEqualTo(shift);
            }
            assertThat(out).hasToString(expected.toString());
        }
    }

    private static void pass(BodySplice splice, String text, StringBuilder out) {
        splice.pass(ByteBufAllocator.DEFAULT.buffer().writeBytes(bytes(text)), piece -> {
            out.append(piece.toString(StandardCharsets.US_ASCII));
            piece.release();
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
