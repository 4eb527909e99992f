package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.proxy.journey.HeadMutations.Head;
import headgate.proxy.journey.HeadMutations.Verdict;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Whatever heads of HTTP/2 callers send, each is refused, or arrives once in HTTP/1.1 that has one meaning: what was sent.
 *
 * <p>{@code -Dheadgate.test.seeds} is the number of connections, each with a seed of its own.
 */
class Http2HeadFuzzJourneyTest {
    private static final int SEEDS = Integer.getInteger("headgate.test.seeds", 150);
    private static final int REQUESTS = 8;
    private static final Pattern ID = Pattern.compile("\"user\":\"(s\\d+-\\d+)\"");

    /** A request as it went off. */
    private record Sent(String id, Head head, String body) {}

    private final Map<String, Sent> sent = new ConcurrentHashMap<>();
    private final Map<String, StrictReader.Request> arrived = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private int answered;
    private int refused;

    @Test
    void aHeadIsRefusedOrArrivesOnceAsItWasSent() throws Exception {
        try (ServerSocket upstream = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
                TestGateway gateway = TestGateway.withDeployment(
                        "{ upstreams: [{ url: \"http://127.0.0.1:" + upstream.getLocalPort()
                                + "/v1\", key: provider-secret }] }",
                        "limits: { bodyIdle: 300ms }")) {
            thread(() -> accept(upstream));
            for (int seed = 0; seed < SEEDS; seed++) {
                call(gateway.port(), seed);
            }
            assertThat(failures).isEmpty();
            assertThat(answered).as("good ones").isGreaterThan(SEEDS);
            assertThat(refused).as("bad ones").isGreaterThan(SEEDS);
            assertThat(gateway.server().heldBytes()).isZero();
        }
    }

    /** A head that is refused may end its connection: the codec forgets its stream before the body has come. */
    private void call(int port, int seed) throws IOException {
        HeadMutations mutations = new HeadMutations(seed);
        int sentHere = 0;
        H2Caller caller = new H2Caller(port);
        try {
            for (int i = 0; i < REQUESTS; i++) {
                int stream = 2 * sentHere++ + 1;
                if (!judgeAnswer(seed, send(caller, stream, "s" + seed + "-" + i, mutations), stream, caller)) {
                    caller.close();
                    caller = new H2Caller(port);
                    sentHere = 0;
                }
            }
        } finally {
            caller.close();
        }
    }

    private Sent send(H2Caller caller, int stream, String id, HeadMutations mutations) throws IOException {
        String body = "{\"model\":\"gpt\",\"user\":\"" + id + "\"}";
        Head head = mutations.head(id, body.length());
        Sent request = new Sent(id, head, body);
        sent.put(id, request);
        caller.head(stream, 0, head.fields().toArray(String[]::new));
        int cut = mutations.random().nextInt(body.length());
        try {
            caller.data(stream, 0, body.substring(0, cut));
            caller.data(stream, H2Caller.END_STREAM, body.substring(cut));
        } catch (IOException e) {
            // Its head was refused already.
        }
        return request;
    }

    /** Whether it was answered well. */
    private boolean judgeAnswer(int seed, Sent request, int stream, H2Caller caller) {
        H2Caller.Answer answer = new H2Caller.Answer();
        try {
            answer = caller.answer(stream);
        } catch (IOException e) {
            // It was refused with its connection.
        }
        boolean good = answer.whole && answer.status().equals("200");
        Verdict verdict = request.head().verdict();
        String what = "seed " + seed + ", " + request;
        if (good ? verdict == Verdict.REFUSED : verdict == Verdict.PASSES) {
            failures.add(what + ": became " + answer.statuses + ", reset " + answer.reset);
        }
        if (good != arrived.containsKey(request.id())) {
            failures.add(what + ": answered and arrived are not the same: " + good);
        }
        if (good && !answer.text().equals(request.id())) {
            failures.add(what + ": has the answer of " + answer.text());
        }
        answered += good ? 1 : 0;
        refused += good ? 0 : 1;
        return good;
    }

    private void accept(ServerSocket listener) {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                thread(() -> serve(socket));
            }
        } catch (IOException e) {
            // The listener was closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            StrictReader reader = new StrictReader(new BufferedInputStream(socket.getInputStream()));
            for (StrictReader.Request request = reader.read(); request != null; request = reader.read()) {
                String id = judgeRequest(request);
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\ncontent-length: " + id.length() + "\r\n\r\n" + id)
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // A request that was given up in the middle counts as none.
        } catch (AssertionError e) {
            failures.add(String.valueOf(e.getMessage()));
        }
    }

    private String judgeRequest(StrictReader.Request request) {
        Matcher matcher = ID.matcher(request.body());
        String id = matcher.find() ? matcher.group(1) : "none";
        Sent meant = sent.get(id);
        if (meant == null
                || !request.body().equals(meant.body())
                || !request.line().equals("POST /v1/chat/completions HTTP/1.1")
                || !hasTheFieldsOf(meant.head(), request)) {
            failures.add("not as it was sent: " + request + ", but " + meant);
        }
        if (arrived.put(id, request) != null) {
            failures.add("arrived twice: " + request);
        }
        return id;
    }

    /** What was sent once is there once, what belongs to the caller's connection is not, and nothing was hidden in it. */
    private static boolean hasTheFieldsOf(Head head, StrictReader.Request request) {
        List<String> fields = request.fields().stream()
                .map(field -> field.toLowerCase(Locale.ROOT))
                .toList();
        String trace = head.fields().get(head.fields().indexOf("x-ms-trace") + 1);
        return count(fields, "host:") == 1
                && count(fields, "authorization: bearer provider-secret") == 1
                && count(fields, "content-type: application/json") == 1
                && count(fields, "x-ms-trace:") == count(fields, "x-ms-trace: " + trace)
                && count(fields, "api-key:") == 0
                && count(fields, "te:") == 0
                && count(fields, "connection:") == 0
                && count(fields, "upgrade:") == 0;
    }

    private static long count(List<String> fields, String start) {
        return fields.stream().filter(field -> field.startsWith(start)).count();
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "strict-upstream");
        thread.setDaemon(true);
        thread.start();
    }
}
