package headgate.loadtest;

import headgate.loadtest.SimulatedProvider.Options;
import headgate.loadtest.calls.LoadRun;
import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.calls.Target;
import headgate.loadtest.measure.Latency;
import headgate.loadtest.measure.Outcome;
import headgate.loadtest.measure.ProcessWatch;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;

/** Short runs against a provider of its own for each test. */
abstract class RunTest extends ProviderTest {
    /** A hundred calls in a fifth of a second. Late starts, hiccups and want of processors are the machine's fault here, and not what these tests are about. */
    static final Scenario SHORT = Scenario.standard()
            .with(Map.ofEntries(
                    Map.entry(Key.PATH, CHAT),
                    Map.entry(Key.ARRIVALS, "even"),
                    Map.entry(Key.RATE, "500"),
                    Map.entry(Key.DURATION, "200ms"),
                    Map.entry(Key.PROMPT, "20"),
                    Map.entry(Key.OUTPUT, "5"),
                    Map.entry(Key.LATE_SHARE, "1"),
                    Map.entry(Key.HICCUP, "1000"),
                    Map.entry(Key.BUSY_SHARE, "1"),
                    Map.entry(Key.TIMEOUT, "20s")));

    @Override
    Options options() {
        return super.options().withPace(Duration.ofMillis(1), Duration.ofMillis(1), 100_000);
    }

    Result run(Scenario scenario) throws Exception {
        return run(scenario, "http://127.0.0.1:" + provider.port());
    }

    static Result run(Scenario scenario, String url) throws Exception {
        return LoadRun.run(scenario, Target.of(url, "a-key", true), ProcessWatch.own(), second -> {});
    }

    /** A port that refuses, and that nobody else can take meanwhile, as they could that of a listener that was closed. */
    static Socket notListening() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    static long count(Result run, Outcome outcome) {
        return run.measures().count(outcome);
    }

    static double percentile(Result run, double percentile) {
        return run.measures().total(Latency.TOTAL).getValueAtPercentile(percentile) / 1e3;
    }
}
