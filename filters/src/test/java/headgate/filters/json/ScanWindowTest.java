package headgate.filters.json;

import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each byte that does not mean only itself is marked, whatever stands around it; besides, at most what stands right behind one. */
class ScanWindowTest {
    private final ScanWindow window = new ScanWindow();

    @Test
    void everyByteIsMarkedOrIsNot() {
        for (int value = Byte.MIN_VALUE; value <= Byte.MAX_VALUE; value++) {
            byte[] bytes = plain(1001);
            bytes[700] = (byte) value;
            bytes[1000] = (byte) value;
            assertMarked(bytes);
        }
    }

    @Test
    void anyTwoNeighboursAreMarkedOrAreNot() {
        for (int first = 0; first < 256; first++) {
            byte[] bytes = new byte[512];
            for (int second = 0; second < 256; second++) {
                bytes[2 * second] = (byte) first;
                bytes[2 * second + 1] = (byte) second;
            }
            assertMarked(bytes);
        }
    }

    @Test
    void anyBytesAreMarkedAlsoAfterMoreOfThem() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = plain(1 + random.nextInt(ScanWindow.BYTES));
            for (int marks = random.nextInt(3); marks > 0; marks--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertMarked(bytes);
        }
    }

    private void assertMarked(byte[] bytes) {
        window.fill(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
        for (int i = 0; i < bytes.length; i += 5) {
            for (int j = 0; j < ScanWindow.MARKS; j++) {
                boolean own = i + j < bytes.length && (window.marks(i + j) & 1) != 0;
                require((window.marks(i) >>> j & 1) != 0 == own, i + j, bytes);
            }
        }
        boolean behindMark = false;
        for (int i = 0; i < bytes.length; i++) {
            boolean plain = bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\';
            boolean marked = (window.marks(i) & 1) != 0;
            require(marked || plain, i, bytes);
            require(!marked || !plain || behindMark, i, bytes);
            behindMark = marked;
        }
    }

    private static void require(boolean right, int i, byte[] bytes) {
        if (!right) {
            throw new AssertionError(
                    "byte " + bytes[Math.min(i, bytes.length - 1)] + " at " + i + " of " + bytes.length);
        }
    }

    private static byte[] plain(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }
}
