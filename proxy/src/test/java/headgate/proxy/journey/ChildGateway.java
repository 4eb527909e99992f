package headgate.proxy.journey;

import headgate.proxy.Headgate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A gateway in a process of its own, started as an operator would. */
final class ChildGateway implements AutoCloseable {
    private static final String LISTENING = "headgate: listening on http://127.0.0.1:";
    private static final String ADMIN = "headgate: admin on ";

    private final Process process;
    private final int port;
    private final CompletableFuture<Integer> adminPort = new CompletableFuture<>();

    /** Starts {@code run FILE} and waits until it answers. */
    ChildGateway(Path directory, String yaml, String... jvmOptions) throws IOException {
        this(directory, yaml, Map.of(), jvmOptions);
    }

    /** The same, with these variables added to the environment. */
    ChildGateway(Path directory, String yaml, Map<String, String> environment, String... jvmOptions)
            throws IOException {
        this(List.of(), directory, yaml, environment, jvmOptions);
    }

    /** The same, started by a program that gives it a socket. */
    static ChildGateway withSocket(Path directory, String yaml) throws IOException {
        return new ChildGateway(
                List.of(java(), "-cp", System.getProperty("java.class.path"), SocketLauncher.class.getName()),
                directory,
                yaml,
                Map.of());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private ChildGateway(
            List<String> launcher, Path directory, String yaml, Map<String, String> environment, String... jvmOptions)
            throws IOException {
        Path file = Files.writeString(
                directory.resolve("headgate.yaml"), yaml.contains("admin:") ? yaml : yaml + "\nadmin: off\n");
        List<String> command = new ArrayList<>(launcher);
        command.add(java());
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Headgate.class.getName(), "run", file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        process = builder.start();
        BufferedReader errors =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        String line = errors.readLine();
        while (line != null && !line.startsWith(LISTENING)) {
            said.append(line).append('\n');
            line = errors.readLine();
        }
        if (line == null) {
            throw new IOException("the gateway did not start: " + said);
        }
        port = portOf(line);
        Thread reader = new Thread(() -> readOn(errors), "errors of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** To the end: a pipe that nobody reads fills up. */
    private void readOn(BufferedReader errors) {
        try {
            errors.lines().filter(line -> line.startsWith(ADMIN)).forEach(line -> adminPort.complete(portOf(line)));
        } catch (UncheckedIOException e) {
            // It was ended.
        }
    }

    private static int portOf(String line) {
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    int port() {
        return port;
    }

    /** The port of the admin listener. */
    int adminPort() {
        return adminPort.orTimeout(10, TimeUnit.SECONDS).join();
    }

    long pid() {
        return process.pid();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Waits for the end; its exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway did not end");
        }
        return process.exitValue();
    }

    boolean running() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
