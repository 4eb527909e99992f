package headgate.proxy.journey;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Several gateways that share the limits of their deployments, and an upstream that counts what it is asked for. */
final class LimitedNodes implements AutoCloseable {
    /** One that a machine keeps which is busy with other tests. */
    static final String DEADLINE = "deadline: 200ms";

    private static final long MINUTE_NANOS = 60_000_000_000L;
    /** In which what was borrowed, and not used, comes back, however slow the machine is. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final List<TestGateway> gateways = new ArrayList<>();
    /** Deployment to when each request for it came. */
    private final Map<String, Queue<Long>> arrivals = new ConcurrentHashMap<>();

    private final ScriptedUpstream upstream;

    /**
     * Starts three gateways.
     *
     * @param state what stands in {@code state}, in flow style
     * @param deployments their names; in front of the upstream, each tells its name as the model's
     * @param limits what each of them may use, in flow style
     * @param outage what happens without Redis
     */
    LimitedNodes(String state, List<String> deployments, String limits, String outage) throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> {
            String name = request.body().replaceAll("(?s).*\"model\":\"([^\"]*)\".*", "$1");
            arrivals.computeIfAbsent(name, any -> new ConcurrentLinkedQueue<>()).add(System.nanoTime());
            call.json(200, LimitedGateway.usage(0, 1));
        });
        StringBuilder yaml = new StringBuilder("""
                listen: 127.0.0.1:0
                accessLog: off
                state: { %s }
                keys: { caller: %s }
                rateLimits: { outage: %s }
                deployments:
                """.formatted(state, TestGateway.KEY, outage));
        for (String name : deployments) {
            yaml.append("  %s: { upstreams: [{ url: \"%s/v1\", model: %s }], rateLimit: { %s } }%n"
                    .formatted(name, upstream.url(), name, limits));
        }
        for (int i = 0; i < 3; i++) {
            gateways.add(TestGateway.start(yaml.toString()));
        }
    }

    /** How many requests for a deployment have reached the upstream. */
    int asked(String deployment) {
        return arrivals.getOrDefault(deployment, new ConcurrentLinkedQueue<>()).size();
    }

    /** How many of them came in the fullest minute; on a slow machine there may be more than one. */
    int fullestMinute(String deployment) {
        List<Long> log = new ArrayList<>(arrivals.getOrDefault(deployment, new ConcurrentLinkedQueue<>()));
        log.sort(null);
        int most = 0;
        int begin = 0;
        for (int end = 0; end < log.size(); end++) {
            while (log.get(begin) <= log.get(end) - MINUTE_NANOS) {
                begin++;
            }
            most = Math.max(most, end - begin + 1);
        }
        return most;
    }

    /** The status that a gateway answers. */
    int status(int gateway, String deployment) throws IOException {
        try (RawCaller caller = new RawCaller(gateways.get(gateway).port())) {
            return caller.chat(body(deployment)).read().status();
        }
    }

    static String body(String deployment) {
        return "{\"model\":\"" + deployment + "\",\"max_tokens\":1,\"messages\":[]}";
    }

    /** Waits until every gateway lets somebody pass. */
    void awaitPassing(String deployment) {
        for (int i = 0; i < gateways.size(); i++) {
            int gateway = i;
            await().atMost(PATIENCE).until(() -> status(gateway, deployment) == 200);
        }
    }

    /** Asks at one gateway after the other, so often; how often each status was answered. */
    Map<Integer, Integer> ask(String deployment, int times) throws IOException {
        Map<Integer, Integer> statuses = new TreeMap<>();
        List<RawCaller> callers = new ArrayList<>();
        for (TestGateway gateway : gateways) {
            callers.add(new RawCaller(gateway.port()));
        }
        for (int i = 0; i < times; i++) {
            RawCaller caller = callers.get(i % callers.size());
            statuses.merge(caller.chat(body(deployment)).read().status(), 1, Integer::sum);
        }
        for (RawCaller caller : callers) {
            caller.close();
        }
        return statuses;
    }

    /** Asks at one gateway after the other until so many requests have reached the upstream; a slow machine refuses some. */
    void askUntil(String deployment, int reached) {
        await().atMost(PATIENCE).until(() -> {
            ask(deployment, 3);
            return asked(deployment) >= reached;
        });
    }

    /**
     * Asks until nearly all of a limit is used, and goes on for a while; fails when that does not come.
     *
     * <p>It takes a second or two, since a gateway gives back what it has borrowed and not used when that is over.
     */
    void useUp(String deployment, int limit) {
        await().atMost(PATIENCE).until(() -> {
            ask(deployment, 30);
            return asked(deployment) >= limit * 98 / 100;
        });
        await().pollDelay(Duration.ofMillis(1200))
                .atMost(PATIENCE)
                .until(() -> ask(deployment, 60).containsKey(429));
    }

    @Override
    public void close() throws IOException {
        gateways.forEach(TestGateway::close);
        upstream.close();
    }
}
