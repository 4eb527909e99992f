package headgate.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A target whose answers a test writes itself, as many at once as it has threads. */
final class ScriptedTarget implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads;

    /** Says what is answered to a body. */
    interface Script {
        String answer(String body) throws InterruptedException;
    }

    ScriptedTarget(int atOnce, Script script) throws IOException {
        threads = Executors.newFixedThreadPool(atOnce);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        http.setExecutor(threads);
        http.createContext("/", exchange -> answer(exchange, script));
        http.start();
    }

    /** A whole answer with usage that repeats the prompt of this body. */
    static String echo(String body) {
        int mark = body.indexOf("hg~");
        String prompt = body.substring(mark, body.indexOf('~', mark + 3) + 1);
        return "{\"choices\":[{\"message\":{\"content\":\"" + prompt + "\"}}],\"usage\":{\"completion_tokens\":1}}";
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, Script script) throws IOException {
        try (exchange) {
            byte[] answer = script.answer(new String(exchange.getRequestBody().readAllBytes(), UTF_8))
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
