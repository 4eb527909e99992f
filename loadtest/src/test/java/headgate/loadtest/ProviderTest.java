package headgate.loadtest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import headgate.loadtest.SimulatedProvider.Options;
import headgate.loadtest.provider.Counters.Count;
import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A running provider for each test, called over real sockets, and checked for buffers left behind. */
abstract class ProviderTest {
    static final String CHAT = "/v1/chat/completions";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    SimulatedProvider provider;

    /** How the provider of these tests is to be. */
    Options options() {
        return Options.defaults().withPace(Duration.ZERO, Duration.ofMillis(1), 4);
    }

    @BeforeEach
    void startProvider() throws IOException {
        provider = SimulatedProvider.start(options());
    }

    @AfterEach
    void nothingIsLeftBehind() {
        provider.close();
        LeakPresenceDetector.check();
    }

    HttpResponse<byte[]> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = request(path, headers).POST(BodyPublishers.ofString(body));
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String path) throws Exception {
        return http.send(request(path).GET().build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<InputStream> stream(String path, String body) throws Exception {
        return http.send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofInputStream());
    }

    /** Sends these bytes on a connection of their own, which the caller closes. */
    Socket raw(String bytes) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), provider.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    static String rawPost(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nhost: test\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }

    static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** The data of each event, in order, after checking that it is framed as one. */
    static List<String> data(HttpResponse<byte[]> answer) {
        return Arrays.stream(text(answer).split("\n\n"))
                .map(event -> event.substring(event.lastIndexOf("data: ") + "data: ".length()))
                .toList();
    }

    long count(Count count) {
        return provider.counters().value(count);
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + provider.port() + path))
                .timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }
}
