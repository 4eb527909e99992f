package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.loadtest.SimulatedProvider;
import headgate.loadtest.calls.LoadRun;
import headgate.loadtest.calls.Target;
import headgate.loadtest.measure.Measures;
import headgate.loadtest.measure.Outcome;
import headgate.loadtest.measure.ProcessWatch;
import headgate.loadtest.provider.Counters;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callers that leave or read slowly, upstreams that fail, and reloads, for a long time: nothing grows, and nothing is mixed up.
 *
 * <p>Two minutes of it; {@code mvn verify -Psoak} lets it go on for an hour, and {@code -Dsoak.seconds} for as long as it says.
 */
class AllDayJourneyTest {
    private static final int SECONDS = Integer.getInteger("headgate.soak.seconds", 120);
    private static final int SAMPLES = 12;
    private static final int PROMPT = 50;
    private static final int OUTPUT = 40;
    /** How much a line through all samples may rise from its first to its last: what a young process still loads. */
    private static final double MEBIBYTES_MAX = 4;

    private static final double PIECES_MAX = 4;

    private final Path directory;

    AllDayJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void nothingGrowsAndNothingIsMixedUp() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProvider.Options.defaults()
                        .withPace(Duration.ofMillis(20), Duration.ofMillis(10), 100_000));
                ChildGateway gateway = new ChildGateway(directory, yaml(provider.port()), "-Xmx128m")) {
            WatchedProcess process = new WatchedProcess(gateway.pid(), gateway.adminPort());
            List<WatchedProcess.Sample> samples = new ArrayList<>();
            ScheduledExecutorService beside = Executors.newScheduledThreadPool(3);
            try {
                beside.scheduleWithFixedDelay(process::reload, 2, 2, TimeUnit.SECONDS);
                long every = Math.max(1000, SECONDS * 1000L / (SAMPLES + 2));
                beside.scheduleAtFixedRate(
                        () -> samples.add(process.sample()), 2 * every, every, TimeUnit.MILLISECONDS);
                Future<Measures> steady = beside.submit(() -> run(gateway, steady()));
                Measures wild = run(gateway, wild());
                beside.shutdown();
                nothingIsMixedUp(wild, provider.counters());
                nothingIsLost(process, steady.get(), wild);
            } finally {
                beside.shutdownNow();
            }
            assertThat(process.reloads()).isGreaterThan(SECONDS / 4);
            assertThat(samples).hasSizeGreaterThanOrEqualTo(SAMPLES / 2);
            System.out.printf(
                    "all day: %d s, first %s, last %s%n", SECONDS, samples.get(0), samples.get(samples.size() - 1));
            flat("heap after a collection, MiB", samples, at -> at.heapBytes() / 1048576.0, MEBIBYTES_MAX);
            flat("direct memory, MiB", samples, at -> at.directBytes() / 1048576.0, MEBIBYTES_MAX);
            flat("threads", samples, WatchedProcess.Sample::threads, PIECES_MAX);
            // What is open varies with the calls that are; a leak of one for each reload or failure would be hundreds.
            flat("file descriptors", samples, WatchedProcess.Sample::descriptors, 50);
        }
    }

    private static Measures run(ChildGateway gateway, Scenario scenario) throws Exception {
        Target target = Target.of("http://127.0.0.1:" + gateway.port(), TestGateway.KEY, false);
        return LoadRun.run(scenario, target, ProcessWatch.own(), second -> {}).measures();
    }

    /** Callers who stay, and an upstream that does not fail. */
    private static Scenario steady() {
        return Scenario.standard()
                .with(Map.ofEntries(
                        Map.entry(Key.PATH, "/openai/v1/chat/completions"),
                        Map.entry(Key.MODEL, "steady"),
                        Map.entry(Key.ARRIVALS, "poisson"),
                        Map.entry(Key.RATE, "20"),
                        Map.entry(Key.DURATION, SECONDS + "s"),
                        Map.entry(Key.WARMUP, "0s"),
                        Map.entry(Key.STREAM, "true"),
                        Map.entry(Key.PROMPT, "" + PROMPT),
                        Map.entry(Key.OUTPUT, "" + OUTPUT),
                        Map.entry(Key.CONNECTIONS, "500"),
                        // How late calls begin is this machine's affair, and no matter here.
                        Map.entry(Key.LATE_SHARE, "1"),
                        Map.entry(Key.TIMEOUT, "30s")));
    }

    /** Callers who leave or read slowly, and upstreams of which some fail. */
    private static Scenario wild() {
        return steady().with(Map.of(
                Key.MODEL,
                "gpt",
                Key.RATE,
                "40",
                Key.ABORT,
                "0.3",
                Key.ABORT_WITHIN,
                "400ms",
                Key.SLOW,
                "0.2",
                Key.SLOW_EVERY,
                "50ms"));
    }

    private static void nothingIsMixedUp(Measures run, Counters provider) {
        assertThat(run.count(Outcome.GOOD)).isGreaterThan(SECONDS * 8L);
        assertThat(run.count(Outcome.ABORTED)).isGreaterThan(SECONDS * 2L);
        for (Outcome never : List.of(
                Outcome.CROSSED, Outcome.WRONG, Outcome.CONNECT, Outcome.RESET, Outcome.TIMEOUT, Outcome.UNSENT)) {
            assertThat(run.count(never)).as("%s", never).isZero();
        }
        assertThat(run.count(Outcome.INCOMPLETE))
                .as("only what the provider cut")
                .isLessThanOrEqualTo(provider.value(Counters.Count.STREAMS_CUT));
        assertThat(run.count(Outcome.STATUS)).as("only where it failed").isLessThanOrEqualTo(provider.answers(503));
        assertThat(provider.value(Counters.Count.STREAMS_CUT)).as("faults").isPositive();
        assertThat(provider.answers(503)).as("faults").isPositive();
    }

    /** Whole answers are settled by their usage, to the token; of others the prompt is, as estimated, and what passed. */
    private static void nothingIsLost(WatchedProcess process, Measures steady, Measures wild) {
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() ->
                        assertThat(process.metric("headgate_quota_reserved{")).isZero());
        assertThat(process.metric("headgate_open_exchanges")).isZero();
        assertThat(process.metric("headgate_held_bytes")).isZero();
        assertThat(process.metric("headgate_access_lines_lost_total")).isZero();
        assertThat(steady.count(Outcome.GOOD)).isEqualTo(steady.count(Measures.Count.DUE));
        assertThat(process.metric("headgate_quota_used{deployment=\"steady\""))
                .as("settled, and said by the provider")
                .isEqualTo(whole(steady));
        long others = wild.count(Measures.Count.DUE) - wild.count(Outcome.GOOD);
        assertThat(process.metric("headgate_quota_used{deployment=\"gpt\""))
                .isBetween(whole(wild), whole(wild) + others * 4.0 * (PROMPT + OUTPUT));
    }

    private static double whole(Measures run) {
        return run.count(Measures.Count.TOKENS) + (double) PROMPT * run.count(Outcome.GOOD);
    }

    /** By least squares, so that neither the first nor the last sample decides. */
    private static void flat(
            String what,
            List<WatchedProcess.Sample> samples,
            ToDoubleFunction<WatchedProcess.Sample> value,
            double most) {
        int n = samples.size();
        double middle = (n - 1) / 2.0;
        double mean = samples.stream().mapToDouble(value).average().orElseThrow();
        double up = 0;
        double across = 0;
        for (int i = 0; i < n; i++) {
            up += (i - middle) * (value.applyAsDouble(samples.get(i)) - mean);
            across += (i - middle) * (i - middle);
        }
        assertThat(up / across * (n - 1))
                .as("%s, how much a line through %s rises", what, samples)
                .isLessThan(most);
    }

    private String yaml(int port) throws IOException {
        return """
                listen: 127.0.0.1:0
                admin: { listen: "127.0.0.1:0" }
                accessLog: { file: "%3$s" }
                reloadTime: 0s
                keys: { caller: %2$s }
                deployments:
                  steady:
                    rateLimit: { tokensPerDay: 1000000000000 }
                    upstreams: [{ url: "http://127.0.0.1:%1$d/v1" }]
                  gpt:
                    rateLimit: { tokensPerDay: 1000000000000 }
                    upstreams:
                      - { url: "http://127.0.0.1:%1$d/v1", weight: 90 }
                      - { url: "http://127.0.0.1:%1$d/fault/503/v1", weight: 5 }
                      - { url: "http://127.0.0.1:%1$d/fault/reset-after:3/v1", weight: 5 }
                """.formatted(port, TestGateway.KEY, directory.resolve("access.log"));
    }
}
