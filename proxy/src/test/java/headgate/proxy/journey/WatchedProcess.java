package headgate.proxy.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A gateway's process as its operators see it: by the system, by Java's own tools, and by its metrics. */
final class WatchedProcess {
    /** What it holds at one moment. */
    record Sample(double heapBytes, double directBytes, int threads, int descriptors) {}

    private final long pid;
    private final int adminPort;
    private int reloads;

    WatchedProcess(long pid, int adminPort) {
        this.pid = pid;
        this.adminPort = adminPort;
    }

    /** What it holds after a collection. */
    Sample sample() {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"));
                Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), "GC.run");
            return new Sample(
                    metric("headgate_heap_bytes"), metric("headgate_direct_memory_bytes"), (int) threads.count(), (int)
                            descriptors.count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has it read its configuration again. */
    void reload() {
        try {
            run("kill", "-HUP", Long.toString(pid));
            reloads++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int reloads() {
        return reloads;
    }

    /** The sum of all series whose line begins so; a label's brace may be a part of it. */
    double metric(String beginning) {
        try (RawCaller operator = new RawCaller(adminPort)) {
            return operator.send(AdminGateway.request("GET", "/metrics", "127.0.0.1:" + adminPort))
                    .read()
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(beginning))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
