package headgate.loadtest;

import headgate.loadtest.calls.LoadRun;
import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.measure.Latency;
import headgate.loadtest.report.Verdict;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds the highest rate at which the target still answers in time: {@code loadtest frontier}. */
@Command(
        name = "frontier",
        mixinStandardHelpOptions = true,
        description = "Finds the highest rate at which the 99th percentile stays below a bound, by bisection.")
final class FrontierCommand implements Callable<Integer> {
    @Mixin
    private final RunOptions options = new RunOptions();

    @Option(
            names = "--p99",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "Bound for the 99th percentile of the total time. Default: ${DEFAULT-VALUE}")
    private Duration bound = Duration.ZERO;

    @Option(
            names = "--errors-share",
            defaultValue = "0.001",
            description = "Share of errors that is still good. Default: ${DEFAULT-VALUE}")
    private double errorsShare;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec);
        Scenario scenario = options.scenario(command);
        PrintWriter out = command.commandLine().getOut();
        Frontier frontier = new Frontier((rate, attempt) -> probe(scenario, rate, attempt, out));
        double best = frontier.search(scenario.number(Key.RATE));
        out.printf(Locale.ROOT, "frontier: %.1f calls/s with p99 below %d ms%n", best, bound.toMillis());
        if (frontier.metVoid()) {
            out.println("VOID: the generator was starved above that rate, so the target may do more.");
        }
        out.flush();
        return frontier.metVoid() ? Verdict.VOID : best > 0 ? Verdict.GOOD : Verdict.FAULTY;
    }

    private Frontier.Probe probe(Scenario scenario, double rate, int attempt, PrintWriter out)
            throws IOException, InterruptedException {
        String seed = Integer.toString(scenario.count(Key.SEED) + attempt);
        Scenario at = scenario.with(Key.RATE, String.format(Locale.ROOT, "%.6f", rate))
                .with(Key.SEED, seed);
        Result run = LoadRun.run(at, options.target(), options.watch(), second -> {});
        double p99 = run.measures().total(Latency.TOTAL).getValueAtPercentile(99) / 1e3;
        boolean inTime = p99 <= bound.toNanos() / 1e6
                && run.measures().errors() <= errorsShare * run.measures().ended();
        boolean starved = Verdict.of(run).isVoid();
        Frontier.Probe probe = starved ? Frontier.Probe.VOID : inTime ? Frontier.Probe.GOOD : Frontier.Probe.BAD;
        out.printf(
                Locale.ROOT,
                "%10.1f/s  p99 %9.2f ms  %d errors  %s%n",
                rate,
                p99,
                run.measures().errors(),
                probe);
        out.flush();
        return probe;
    }
}
