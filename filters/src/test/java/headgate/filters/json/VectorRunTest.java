package headgate.filters.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The wide registers find the same end as words do; this module's tests run with the module that has them. */
class VectorRunTest {
    @Test
    void theModuleIsThereSoThatThisTestTestsSomething() {
        assertThat(ModuleLayer.boot().findModule("jdk.incubator.vector")).isPresent();
    }

    @Test
    void everyByteEndsARunOrDoesNotJustAsItDoesForWords() {
        for (int value = Byte.MIN_VALUE; value <= Byte.MAX_VALUE; value++) {
            byte[] bytes = plain(1000);
            bytes[700] = (byte) value;
            assertThat(PlainRun.end(bytes, 0, bytes.length))
                    .as("byte %d", value)
                    .isEqualTo(PlainRun.endByWords(bytes, 0, bytes.length));
        }
    }

    @Test
    void anyRunEndsAtTheSamePlace() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = plain(1 + random.nextInt(3000));
            for (int marks = random.nextInt(3); marks > 0; marks--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int from = random.nextInt(bytes.length);
            int to = from + random.nextInt(bytes.length - from + 1);
            assertThat(PlainRun.end(bytes, from, to)).isEqualTo(PlainRun.endByWords(bytes, from, to));
        }
    }

    private static byte[] plain(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }
}
