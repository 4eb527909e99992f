package headgate.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A real Redis on a loopback port of its own, that can be stopped, started empty, and frozen. */
public final class RedisServer implements AutoCloseable {
    private final int port;
    private final List<String> arguments;
    private @Nullable RedisProgram running;

    /** Starts one; {@code options} are further arguments of the program, such as {@code --requirepass}. */
    public RedisServer(String... options) throws IOException {
        this(freePort(), options);
    }

    RedisServer(int port, String... options) throws IOException {
        this.port = port;
        arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
        if (!arguments.contains("--sentinel")) {
            arguments.addAll(List.of("--save", "", "--appendonly", "no"));
        }
        start();
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
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
        running = new RedisProgram(arguments);
        awaitAnswer();
    }

    /** Ends it at once; what it held is gone. */
    public void stop() {
        RedisProgram ending = running;
        if (ending != null) {
            running = null;
            ending.kill();
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
            // A Sentinel does not know QUIT, and ends the connection all the same.
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.lastIndexOf("-ERR unknown command 'QUIT'");
            return answer.substring(0, end < 0 ? answer.lastIndexOf("+OK\r\n") : end);
        }
    }

    /** The same, of a command that must succeed. */
    String tell(String... command) throws IOException {
        String answer = ask(command);
        if (answer.startsWith("-")) {
            throw new IOException(String.join(" ", command) + ": " + answer);
        }
        return answer;
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

    private void signal(String signal) throws IOException {
        RedisProgram now = running;
        if (now == null) {
            throw new IOException("redis-server does not run");
        }
        now.signal(signal);
    }

    private void awaitAnswer() throws IOException {
        try {
            Until.holds("redis-server answers on port " + port, () -> {
                try {
                    ask("PING");
                    return true;
                } catch (IOException | StringIndexOutOfBoundsException e) {
                    return false;
                }
            });
        } catch (IOException e) {
            stop();
            throw e;
        }
    }
}
