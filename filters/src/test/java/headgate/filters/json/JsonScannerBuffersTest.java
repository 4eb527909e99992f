package headgate.filters.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonScannerBuffersTest {
    private static final int MARGIN = 3;

    /** Longer than several windows, so that names, texts and characters lie across their edges. */
    private static final byte[] BODY = ("{\"messages\":[" + "{\"content\":\"wörds \\n and 😀\"},".repeat(999)
                    + "{\"content\":\"" + "x".repeat(20_000) + "\"}],\"model\":\"m\"}")
            .getBytes(UTF_8);

    static Stream<Named<UnaryOperator<ByteBuf>>> buffers() {
        return Stream.of(
                Named.of("as they are", body -> body),
                Named.of("slice", body -> body.slice()),
                Named.of("read-only", ByteBuf::asReadOnly),
                Named.of("duplicate", ByteBuf::duplicate),
                Named.of("unreleasable", Unpooled::unreleasableBuffer));
    }

    @ParameterizedTest
    @MethodSource("buffers")
    void everyBufferIsReadInPlaceAndLeftAsItWas(UnaryOperator<ByteBuf> view) throws JsonException {
        Scan expected = Scan.of(new JsonScanner(8, 2000), BODY);
        for (ByteBufAllocator allocator : List.of(
                UnpooledByteBufAllocator.DEFAULT, PooledByteBufAllocator.DEFAULT, new AdaptiveByteBufAllocator())) {
            assertRead(view, allocator.heapBuffer(), expected);
            assertRead(view, allocator.directBuffer(), expected);
            assertRead(view, composite(allocator), expected);
        }
    }

    private static void assertRead(UnaryOperator<ByteBuf> view, ByteBuf memory, Scan expected) throws JsonException {
        try {
            memory.writeZero(MARGIN).writeBytes(BODY).writeZero(MARGIN);
            ByteBuf body = view.apply(memory.setIndex(MARGIN, MARGIN + BODY.length));
            int readerIndex = body.readerIndex();
            int writerIndex = body.writerIndex();
            JsonScanner scanner = new JsonScanner(8, 2000);

            scanner.feed(body);
            scanner.end();

            assertThat(scanner.offset()).isEqualTo(BODY.length);
            assertThat(scanner.textCount())
                    .isEqualTo(1000)
                    .isEqualTo(expected.texts().size());
            assertThat(scanner.textBytes()).isEqualTo(expected.textBytes());
            assertThat(scanner.model()).isEqualTo("m");
            assertThat(body.readerIndex()).isEqualTo(readerIndex);
            assertThat(body.writerIndex()).isEqualTo(writerIndex);
            assertThat(memory.refCnt()).isEqualTo(1);
        } finally {
            memory.release();
        }
    }

    /** Of parts of several lengths, which are filled as the body is written. */
    private static ByteBuf composite(ByteBufAllocator allocator) {
        var parts = allocator.compositeBuffer();
        int left = BODY.length + 2 * MARGIN;
        for (int length = 1; left > 0; length = length * 3 + 1) {
            int part = Math.min(length, left);
            parts.addComponent(true, allocator.directBuffer(part, part).writeZero(part));
            left -= part;
        }
        return parts.clear();
    }
}
