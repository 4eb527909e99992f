package headgate.filters.content.judge;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.content.Judge.Text;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every place of a long text stands in a piece with all that is near it, and no character is cut. */
final class PiecesTest {
    @Test
    void whateverFitsIntoTheOverlapStandsInOnePieceWhole() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int max = 20 + random.nextInt(80);
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(500);
            while (text.length() < length) {
                text.appendCodePoint(random.nextInt(4) == 0 ? 0x1F600 + random.nextInt(50) : 'a' + random.nextInt(26));
            }
            List<Text> pieces = Pieces.of(List.of(new Text(text.toString(), true)), max);
            int near = max / 10 - 1;
            for (int at = 0; at + near <= text.length(); at++) {
                String inside = text.substring(at, at + near);
                assertThat(pieces)
                        .as("seed %d at %d", seed, at)
                        .anySatisfy(piece -> assertThat(piece.characters()).contains(inside));
            }
            assertThat(pieces).as("seed %d", seed).allSatisfy(piece -> {
                assertThat(piece.characters()).hasSizeLessThanOrEqualTo(max);
                assertThat(piece.document()).isTrue();
                assertThat(Character.isLowSurrogate(piece.characters().charAt(0)))
                        .isFalse();
                assertThat(Character.isHighSurrogate(
                                piece.characters().charAt(piece.characters().length() - 1)))
                        .isFalse();
            });
        }
    }
}
