package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes callers send, an upstream receives only whole requests that a caller meant, each once, and answers never
 * cross.
 */
class FramingFuzzJourneyTest {
    private static final int CONNECTIONS = 1_000;
    private static final int REQUESTS = 8;
    private static final int CALLERS = 32;
    /** The same bytes each time; another seed looks further. */
    private static final long SEED = Long.getLong("headgate.seed", 20_261_122L);

    private static final Pattern ID = Pattern.compile("\"user\":\"(c\\d+-r\\d+[a-z]?)\"");

    private final Map<String, String> meant = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> forwarded = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @Test
    void nothingButWhatWasMeantReachesTheUpstreamAndNoAnswerCrosses() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (ServerSocket upstream = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
                TestGateway gateway = TestGateway.start("""
                listen: 127.0.0.1:0
                accessLog: off
                keys: { caller: %s }
                limits: { heldBytes: 1KiB, bodyIdle: 300ms, headerTime: 300ms, keepAliveIdle: 300ms, lingerTime: 100ms }
                deployments:
                  gpt: { upstreams: [{ url: "http://127.0.0.1:%d/v1", key: provider-secret }] }
                """.formatted(TestGateway.KEY, upstream.getLocalPort()))) {
            thread(() -> accept(upstream));
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int number = i;
                calls.add(callers.submit(() -> call(gateway.port(), number)));
            }
            for (Future<?> call : calls) {
                call.get(60, TimeUnit.SECONDS);
            }
            assertThat(failures).as("seed %d", SEED).isEmpty();
            forwarded.forEach((id, times) -> assertThat(times.get()).as(id).isEqualTo(1));
            assertThat(answered.get()).as("the oracle has seen answers").isGreaterThan(CONNECTIONS);
            assertThat(refused.get()).as("and refusals").isGreaterThan(CONNECTIONS / 4);
            assertThat(gateway.server().heldBytes()).isZero();
        } finally {
            callers.shutdownNow();
        }
    }

    private void call(int port, int number) {
        RequestMutations mutations = new RequestMutations(SEED + number);
        List<String> ids = new ArrayList<>();
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < REQUESTS; i++) {
            String id = "c" + number + "-r" + i;
            ids.add(id);
            ids.add(id + "s");
            bytes.append(mutations.request(mean(id, mutations.size()), mean(id + "s", 0)));
        }
        try (RawCaller caller = new RawCaller(port)) {
            try {
                for (String segment : mutations.segments(bytes.toString())) {
                    caller.send(segment);
                }
            } catch (IOException e) {
                // The gateway has refused and closed; what it said before can still be read.
            }
            readAnswers(caller, ids);
        } catch (IOException e) {
            // The connection was closed while it was being read.
        }
    }

    /** Answers must be those of this connection's requests, in their order. */
    private void readAnswers(RawCaller caller, List<String> ids) throws IOException {
        int next = 0;
        while (true) {
            RawCaller.Answer answer = caller.read();
            if (answer.status() != 200) {
                refused.incrementAndGet();
                continue;
            }
            answered.incrementAndGet();
            int place = ids.indexOf(answer.body());
            if (place < next) {
                failures.add("the answer of " + answer.body() + " came at a place of " + ids.get(next));
            }
            next = place + 1;
        }
    }

    private String mean(String id, int filler) {
        String body =
                "{\"model\":\"gpt\",\"user\":\"" + id + "\",\"prompt\":\"" + "x".repeat(filler) + "\",\"end\":null}";
        meant.put(id, body);
        return body;
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
                String id = judge(request);
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

    private String judge(StrictReader.Request request) {
        Matcher matcher = ID.matcher(request.body());
        String id = matcher.find() ? matcher.group(1) : "none";
        if (!request.body().equals(meant.get(id))) {
            failures.add("nobody meant this body: " + request.body());
        }
        if (!request.line().equals("POST /v1/chat/completions HTTP/1.1")) {
            failures.add("a line of its own: " + request.line());
        }
        List<String> heads = request.fields().stream()
                .map(field -> field.toLowerCase(Locale.ROOT))
                .toList();
        if (heads.stream().filter(field -> field.startsWith("host:")).count() != 1
                || !heads.contains("authorization: bearer provider-secret")
                || heads.stream().anyMatch(field -> field.startsWith("api-key:"))) {
            failures.add("a head of its own: " + heads);
        }
        forwarded.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
        return id;
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "strict-upstream");
        thread.setDaemon(true);
        thread.start();
    }
}
