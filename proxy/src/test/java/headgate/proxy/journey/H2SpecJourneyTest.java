package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway passes h2spec 2.2.0, which asks section by section what RFC 9113 and RFC 7541 require. */
class H2SpecJourneyTest {
    private static final int TAR_BLOCK = 512;
    private static final int TAR_SIZE_AT = 124;
    private static final int TAR_SIZE_LENGTH = 11;

    @Test
    void everyTestPasses(@TempDir Path directory) throws Exception {
        assertThat(run(directory)).contains("145 tests, 145 passed, 0 skipped, 0 failed");
    }

    @Test
    void everyTestPassesInStrictMode(@TempDir Path directory) throws Exception {
        assertThat(run(directory, "--strict")).contains("146 tests, 146 passed, 0 skipped, 0 failed");
    }

    private static String run(Path directory, String... options) throws Exception {
        Path program = unpack(directory);
        Path output = directory.resolve("output.txt");
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.inFrontOf(upstream, "limits: { http2: { resets: 1000 } }")) {
            List<String> command = new ArrayList<>(
                    List.of(program.toString(), "-h", "127.0.0.1", "-p", String.valueOf(gateway.port()), "-o", "5"));
            command.addAll(List.of(options));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("it ends").isTrue();
            } finally {
                process.destroyForcibly();
            }
        }
        return Files.readString(output);
    }

    /** Takes the one file out of the archive: a block that says its size, and its bytes. */
    private static Path unpack(Path directory) throws IOException {
        Path program = directory.resolve("h2spec");
        try (InputStream archive = Objects.requireNonNull(
                        H2SpecJourneyTest.class.getResourceAsStream("/h2spec/2.2.0/h2spec_linux_amd64.tar.gz"));
                InputStream tar = new GZIPInputStream(archive)) {
            byte[] block = tar.readNBytes(TAR_BLOCK);
            String size = new String(block, TAR_SIZE_AT, TAR_SIZE_LENGTH, StandardCharsets.US_ASCII);
            Files.write(program, tar.readNBytes(Integer.parseInt(size, 8)));
        }
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }
}
