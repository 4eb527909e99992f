package headgate.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import headgate.filters.api.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is held of a body, against the bounds of its exchange and of the process. */
final class HeldBodyTest {
    private static final int EXCHANGE_MAX = 100_000;
    private static final int TOTAL_MAX = 150_000;

    private final HeldBytes bound = new HeldBytes(Configured.limits(EXCHANGE_MAX, TOTAL_MAX));
    private final HeldBody held = new HeldBody(bound);

    @AfterEach
    void allIsGivenBack() {
        held.release();
        assertThat(bound.held()).isZero();
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"99999, ''", "100000, ''", "100001, 413"})
    void oneExchangeHoldsUpToItsBound(int bytes, String refusal) throws ProxyError {
        held.add(part(bytes / 2));
        expect(refusal, part(bytes - bytes / 2));
        assertThat(held.size()).isEqualTo(refusal.isEmpty() ? bytes : bytes / 2);
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"49999, ''", "50000, ''", "50001, 503"})
    void allExchangesTogetherHoldUpToTheirBound(int bytes, String refusal) throws ProxyError {
        HeldBody other = new HeldBody(bound);
        other.add(exactPart(EXCHANGE_MAX));
        expect(refusal, exactPart(bytes));
        other.release();
        assertThat(bound.held()).isEqualTo(refusal.isEmpty() ? bytes : 0);
    }

    @Test
    void aRefusedPartIsWorthAnotherTry() {
        assertThatExceptionOfType(ProxyError.class)
                .isThrownBy(() -> {
                    HeldBody other = new HeldBody(new HeldBytes(Configured.limits(EXCHANGE_MAX, 10)));
                    other.add(part(11));
                })
                .satisfies(error -> assertThat(error.fields())
                        .extracting(field -> field.name().toString())
                        .contains("retry-after"));
    }

    @Test
    void aPartThatDoesNotFitStaysWithTheCallerWhoOnlyTries() {
        HeldBody small = new HeldBody(new HeldBytes(Configured.limits(EXCHANGE_MAX, 10)));
        ByteBuf part = part(11);
        assertThat(small.tryAdd(part)).isFalse();
        assertThat(part.refCnt()).isEqualTo(1);
        part.release();
    }

    @Test
    void whatUsesLittleOfItsMemoryIsCopiedTogether() throws ProxyError {
        for (int i = 0; i < 1000; i++) {
            held.add(ByteBufAllocator.DEFAULT.buffer(64 * 1024, 64 * 1024).writeBytes(bytes(10)));
        }
        assertThat(held.size()).isEqualTo(10_000);
        assertThat(bound.held()).as("memory, not payload, is what counts").isLessThanOrEqualTo(16 * 1024);
    }

    @Test
    void aPartThatSomebodyElseStillReadsIsNotWrittenTo() throws ProxyError {
        ByteBuf first = ByteBufAllocator.DEFAULT.buffer(1000).writeBytes(bytes(10));
        ByteBuf reader = first.retainedDuplicate();
        held.add(first);
        held.add(part(20));
        int[] parts = {0};
        held.forEach(part -> parts[0]++);
        assertThat(parts[0]).isEqualTo(2);
        assertThat(reader.toString(StandardCharsets.US_ASCII)).hasSize(10);
        reader.release();
    }

    @Test
    void bytesAreTakenFromTheFrontAsManyAsAreAskedFor() throws ProxyError {
        held.add(exactPart(10));
        held.add(exactPart(30_000));
        assertThat(taken(4)).isEqualTo(4);
        assertThat(taken(100)).as("the rest of the first part").isEqualTo(6);
        assertThat(taken(100)).isEqualTo(100);
        assertThat(held.size()).isEqualTo(29_900);
        assertThat(bound.held())
                .as("a part counts until its last byte is taken")
                .isEqualTo(30_000);
        assertThat(taken(Long.MAX_VALUE)).isEqualTo(29_900);
        assertThat(bound.held()).isZero();
        assertThat(held.poll(1)).isNull();
        assertThat(held.poll()).isNull();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void anythingAddedAndTakenComesOutInOrderAndNothingStaysBooked(long seed) throws ProxyError {
        Random random = new Random(seed);
        HeldBytes roomy = new HeldBytes(Configured.limits(Integer.MAX_VALUE, Long.MAX_VALUE));
        HeldBody body = new HeldBody(roomy);
        StringBuilder in = new StringBuilder();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            if (random.nextInt(3) > 0) {
                int length = random.nextInt(1 << random.nextInt(12));
                String text = String.valueOf((char) ('a' + i % 26)).repeat(length);
                in.append(text);
                body.add(ByteBufAllocator.DEFAULT
                        .buffer(length + random.nextInt(1 << random.nextInt(18)))
                        .writeBytes(text.getBytes(StandardCharsets.US_ASCII)));
            } else {
                ByteBuf part = random.nextBoolean() ? body.poll() : body.poll(1 + random.nextInt(500));
                if (part != null) {
                    out.append(part.toString(StandardCharsets.US_ASCII));
                    part.release();
                }
            }
            assertThat(body.size()).isEqualTo(in.length() - out.length());
            assertThat(roomy.held()).as("never less than what is held").isGreaterThanOrEqualTo(body.size());
        }
        body.forEach(part -> out.append(part.toString(StandardCharsets.US_ASCII)));
        body.release();
        assertThat(out).hasToString(in.toString());
        assertThat(roomy.held()).isZero();
        body.release();
        assertThat(roomy.held()).as("letting go twice gives nothing back twice").isZero();
    }

    private void expect(String refusal, ByteBuf part) throws ProxyError {
        if (refusal.isEmpty()) {
            held.add(part);
        } else {
            assertThatExceptionOfType(ProxyError.class)
                    .isThrownBy(() -> held.add(part))
                    .satisfies(error -> assertThat(error.status()).hasToString(refusal));
            assertThat(part.refCnt()).as("a part that does not fit is released").isZero();
        }
    }

    private int taken(long bytesMax) {
        ByteBuf part = held.poll(bytesMax);
        if (part == null) {
            throw new AssertionError("nothing was held");
        }
        int length = part.readableBytes();
        part.release();
        return length;
    }

    private static ByteBuf part(int length) {
        return ByteBufAllocator.DEFAULT.buffer(length).writeBytes(bytes(length));
    }

    private static ByteBuf exactPart(int length) {
        return ByteBufAllocator.DEFAULT.buffer(length, length).writeBytes(bytes(length));
    }

    private static byte[] bytes(int length) {
        return "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    }
}
