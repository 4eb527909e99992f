package headgate.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A judging service that answers as a test says, and remembers what it was asked. */
public final class ScriptedService implements AutoCloseable {
    /** One request. */
    public record Asked(String path, String body, Headers headers, int port) {}

    /** What it answers; an empty text closes without an answer. */
    public interface Script {
        String answer(Asked asked) throws Exception;
    }

    /** All that it was asked, in the order of arrival. */
    public final List<Asked> asked = new CopyOnWriteArrayList<>();
    /** How many questions were open at once, at most. */
    public final AtomicInteger mostAtOnce = new AtomicInteger();
    /** The status of its answers. */
    public volatile int status = 200;
    /** What it answers with 400, whatever its status. */
    public volatile Predicate<Asked> refuses = asked -> false;
    /** What it answers from now on. */
    public volatile Script script;

    private final AtomicInteger open = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    /** Starts one on a port of its own. */
    public ScriptedService(Script script) throws IOException {
        this.script = script;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Its base URL. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        mostAtOnce.accumulateAndGet(open.incrementAndGet(), Math::max);
        try (InputStream in = exchange.getRequestBody()) {
            Asked question = new Asked(
                    exchange.getRequestURI().toString(),
                    new String(in.readAllBytes(), StandardCharsets.UTF_8),
                    exchange.getRequestHeaders(),
                    exchange.getRemoteAddress().getPort());
            asked.add(question);
            byte[] answer = script.answer(question).getBytes(StandardCharsets.UTF_8);
            open.decrementAndGet();
            if (answer.length > 0) {
                exchange.sendResponseHeaders(refuses.test(question) ? 400 : status, answer.length);
                exchange.getResponseBody().write(answer);
            }
            exchange.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
