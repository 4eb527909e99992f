package headgate.filters.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a key looks like. */
final class KeyTextTest {
    private static final long SEED = 20261122;

    @Test
    void aNewKeyIsOneAndNoOtherTextIs() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            byte[] key = KeyText.create().getBytes(StandardCharsets.US_ASCII);
            assertThat(KeyText.isOne(key)).isTrue();
            int at = random.nextInt(key.length);
            byte slip = (byte) random.nextInt(256);
            if (key[at] != slip) {
                key[at] = slip;
                assertThat(KeyText.isOne(key))
                        .as("seed %d, key %d: byte %d", SEED, i, at)
                        .isFalse();
            }
            byte[] noise = new byte[random.nextInt(80)];
            random.nextBytes(noise);
            assertThat(KeyText.isOne(noise)).as("seed %d, noise %d", SEED, i).isFalse();
        }
    }
}
