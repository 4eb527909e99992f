package headgate.filters.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class JsonScannerAllocationTest {
    private static final int ROUNDS = 20;
    private static final int BODIES = 2000;

    @Test
    void oneBodyAfterTheOtherIsReadWithoutAllocating() throws JsonException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // The leak detector's own notes are not counted.
        ByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
        ByteBuf heap = allocator.heapBuffer().writeBytes(ChatBodies.conversation(16 * 1024, true));
        ByteBuf direct = allocator
                .directBuffer()
                .writeBytes(ChatBodies.conversation(1024, true))
                .slice();
        try {
            JsonScanner scanner = new JsonScanner(64, 10_000);
            int texts = 0;
            long least = Long.MAX_VALUE;
            // How many rounds it takes until all is compiled is the machine's affair.
            for (int round = 0; round < ROUNDS && least > 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                texts = scanMany(scanner, heap, direct);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }

            assertThat(texts).isPositive();
            assertThat(least).as("bytes for %d bodies", BODIES).isZero();
        } finally {
            heap.release();
            direct.release();
        }
    }

    /** With what a gate asks for: the model's name as a string, too. */
    private static int scanMany(JsonScanner scanner, ByteBuf heap, ByteBuf direct) throws JsonException {
        int texts = 0;
        for (int i = 0; i < BODIES; i++) {
            scanner.reset();
            scanner.feed(i % 2 == 0 ? heap : direct);
            scanner.end();
            texts += scanner.model() == null ? 0 : scanner.textCount();
            texts += scanner.memberName(0).length();
        }
        return texts;
    }
}
