package headgate.filters.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteBufferFeeder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the scanner beside jackson-core's non-blocking parser: collecting the same facts, and only walking over all tokens.
 *
 * <p>Single calls are timed, so that the median says what a call costs even beside other work on the machine.
 * docs/benchmarks/json-scanner.md has the command and what was measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(2)
public class JsonScannerBenchmark {
    private final JsonFactory jackson = new JsonFactory();
    private final JsonScanner scanner = new JsonScanner(128, 100_000);
    private ByteBuf body = PooledByteBufAllocator.DEFAULT.directBuffer();
    private ByteBuffer bodyMemory = ByteBuffer.allocateDirect(0);

    @Param({"1KB", "16KB", "1MB"})
    String size = "";

    @Param({"first", "last"})
    String model = "";

    private final JacksonFacts jacksonFacts = new JacksonFacts();

    @Setup
    public void fill() throws IOException, JsonException {
        boolean modelFirst = model.equals("first");
        byte[] bytes = switch (size) {
            case "1KB" -> ChatBodies.conversation(1024, modelFirst);
            case "16KB" -> ChatBodies.conversation(16 * 1024, modelFirst);
            default -> ChatBodies.image(1024 * 1024, modelFirst);
        };
        body.writeBytes(bytes);
        bodyMemory = body.nioBuffer();
        if (headgate() != jacksonFacts() || scanner.textBytes() != jacksonFacts.facts.texts.bytes()) {
            throw new IllegalStateException("the two do not find the same");
        }
    }

    @TearDown
    public void release() {
        body.release();
    }

    @Benchmark
    public int headgate() throws JsonException {
        scanner.reset();
        scanner.feed(body);
        scanner.end();
        return scanner.textCount();
    }

    @Benchmark
    public int jacksonFacts() throws IOException {
        jacksonFacts.read(bodyMemory.duplicate());
        return jacksonFacts.facts.texts.count();
    }

    @Benchmark
    public int jacksonTokens() throws IOException {
        int tokens = 0;
        try (JsonParser parser = jackson.createNonBlockingByteBufferParser()) {
            ByteBufferFeeder feeder = (ByteBufferFeeder) parser.getNonBlockingInputFeeder();
            feeder.feedInput(bodyMemory.duplicate());
            feeder.endOfInput();
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                tokens++;
            }
        }
        return tokens;
    }
}
