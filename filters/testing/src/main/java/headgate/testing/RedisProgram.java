package headgate.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A running {@code redis-server}, of which nothing is left however the tests end.
 *
 * <p>The program is the one that {@code HEADGATE_TEST_REDIS} names, else {@code redis-server} on the path, else one that
 * comes in a jar. It runs under a shell that ends it when its standard input closes.
 */
final class RedisProgram {
    private static final String WATCHED =
            "\"$0\" \"$@\" >/dev/null 2>&1 & echo $!; read -r line; kill -CONT $!; kill -KILL $!";

    private static @Nullable Path unpacked;

    private final Process watch;
    private final String pid;

    /** Starts it with these arguments. */
    RedisProgram(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WATCHED, program()));
        command.addAll(arguments);
        watch = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        pid = String.valueOf(
                new BufferedReader(new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8)).readLine());
    }

    /** Ends it at once, as {@code kill -9} does. */
    void kill() {
        try {
            watch.getOutputStream().close();
            if (!watch.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("redis-server " + pid + " does not end");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a signal, such as {@code -STOP}. */
    void signal(String signal) throws IOException {
        try {
            if (new ProcessBuilder("/bin/kill", signal, pid).start().waitFor() != 0) {
                throw new IOException("redis-server " + pid + " is gone");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String program() throws IOException {
        String named = System.getenv("HEADGATE_TEST_REDIS");
        if (named != null) {
            return named;
        }
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path program = Path.of(directory, "redis-server");
            if (!directory.isEmpty() && Files.isExecutable(program)) {
                return program.toString();
            }
        }
        return unpack().toString();
    }

    private static synchronized Path unpack() throws IOException {
        Path program = unpacked;
        if (program == null) {
            boolean arm = System.getProperty("os.arch", "").equals("aarch64");
            String name = "/redis-server-6.2." + (arm ? "7-linux-arm64" : "6-v5-linux-amd64");
            program = Files.createTempFile(
                    "redis-server",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            program.toFile().deleteOnExit();
            try (InputStream in = redis.embedded.RedisServer.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IOException("the jar has no " + name);
                }
                Files.write(program, in.readAllBytes());
            }
            unpacked = program;
        }
        return program;
    }
}
