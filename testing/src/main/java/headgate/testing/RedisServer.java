package headgate.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis on a loopback port of its own, that can be stopped, started empty, and frozen.
 *
 * <p>The program is the one that {@code HEADGATE_TEST_REDIS} names, else {@code redis-server} on the path, else one that
 * comes in a jar. It runs under a shell that ends it when its standard input closes, so that nothing is left of it however
 * the tests end.
 */
public final class RedisServer implements AutoCloseable {
    private static final String WATCHED =
            "\"$0\" \"$@\" >/dev/null 2>&1 & echo $!; read -r line; kill -CONT $!; kill -KILL $!";

    private static @Nullable Path unpacked;

    private final int port;
    private final List<String> options;
    private @Nullable Process watch;
    private String pid = "";

    /** Starts one; {@code options} are further arguments of the program, such as {@code --requirepass}. */
    public RedisServer(String... options) throws IOException {
        this.options = List.of(options);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        start();
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Its URL, without a password. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Starts it, empty, on the same port. */
    public void start() throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WATCHED, program()));
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
        command.addAll(List.of("--appendonly", "no"));
        command.addAll(options);
        Process started = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        watch = started;
        pid = String.valueOf(
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8)).readLine());
        awaitAnswer();
    }

    /** Ends it at once; what it held is gone. */
    public void stop() {
        Process ending = watch;
        if (ending == null) {
            return;
        }
        watch = null;
        try {
            ending.getOutputStream().close();
            if (!ending.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("redis-server " + pid + " does not end");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops its clock: connections stay open, and nothing is answered. */
    public void freeze() throws IOException {
        signal("-STOP");
    }

    /** Lets it go on where it was. */
    public void thaw() throws IOException {
        signal("-CONT");
    }

    /** What it answers to a command, as it came; for looking at what is there. */
    public String ask(String... command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
            for (String word : command) {
                request.append('$')
                        .append(word.length())
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            request.append("*1\r\n$4\r\nQUIT\r\n");
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(0, answer.lastIndexOf("+OK\r\n"));
        }
    }

    /** How often a command was called, as it counts itself. */
    public long calls(String command) throws IOException {
        String stats = ask("INFO", "commandstats");
        int at = stats.indexOf("cmdstat_" + command.toLowerCase(Locale.ROOT) + ":calls=");
        return at < 0 ? 0 : Long.parseLong(stats.substring(stats.indexOf('=', at) + 1, stats.indexOf(',', at)));
    }

    @Override
    public void close() {
        stop();
    }

    private void awaitAnswer() throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try {
                ask("PING");
                return;
            } catch (IOException | StringIndexOutOfBoundsException e) {
                if (System.nanoTime() - until > 0) {
                    stop();
                    throw new IOException("redis-server does not answer on port " + port, e);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    private void signal(String signal) throws IOException {
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
