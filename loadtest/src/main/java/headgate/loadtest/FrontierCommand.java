package headgate.loadtest;

import headgate.loadtest.calls.LoadRun;
import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.measure.Latency;
import headgate.loadtest.report.ReportFiles;
import headgate.loadtest.report.Verdict;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
            names = "--pause",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "Between two runs, for the target to finish what it was left with. Default: ${DEFAULT-VALUE}")
    private Duration pause = Duration.ZERO;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec);
        Scenario scenario = options.scenario(command);
        PrintWriter out = command.commandLine().getOut();
        Frontier frontier = new Frontier((rate, attempt) -> probe(command, scenario, rate, attempt));
        double best = frontier.search(scenario.number(Key.RATE));
        out.printf(Locale.ROOT, "frontier: %.1f calls/s with p99 below %d ms%n", best, bound.toMillis());
        if (frontier.metVoid()) {
            out.println("VOID: the generator was starved above that rate, so the target may do more.");
        }
        out.flush();
        return frontier.metVoid() ? Verdict.VOID : best > 0 ? Verdict.GOOD : Verdict.FAULTY;
    }

    private Frontier.Probe probe(CommandSpec command, Scenario scenario, double rate, int attempt)
            throws IOException, InterruptedException {
        if (attempt > 0) {
            Thread.sleep(pause.toMillis());
        }
        String seed = Integer.toString(scenario.count(Key.SEED) + attempt);
        Scenario at = scenario.with(Key.RATE, String.format(Locale.ROOT, "%.6f", rate))
                .with(Key.SEED, seed);
        Result run = LoadRun.run(at, options.target(), options.watch(), second -> {});
        double p99 = run.measures().total(Latency.TOTAL).getValueAtPercentile(99) / 1e3;
        Path directory = options.out();
        if (directory != null) {
            String name = String.format(Locale.ROOT, "%02d-at-%.0f", attempt, rate);
            ReportFiles.write(run, RunOptions.command(command), directory.resolve(name));
        }
        Verdict verdict = Verdict.of(run);
        // Calls that wait for a connection until there are too many do so because of the target, which is what is
        // asked.
        boolean inTime = p99 <= bound.toNanos() / 1e6
                && verdict.faults().isEmpty()
                && verdict.voids().equals(verdict.starved());
        boolean starved = !verdict.starved().isEmpty();
        Frontier.Probe probe = starved ? Frontier.Probe.VOID : inTime ? Frontier.Probe.GOOD : Frontier.Probe.BAD;
        PrintWriter out = command.commandLine().getOut();
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
