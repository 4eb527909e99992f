package headgate.loadtest;

import headgate.loadtest.calls.LoadRun;
import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.calls.Target;
import headgate.loadtest.measure.ProcessWatch;
import headgate.loadtest.report.Comparison;
import headgate.loadtest.report.Figures;
import headgate.loadtest.report.JsonReport;
import headgate.loadtest.report.ReportFiles;
import headgate.loadtest.report.Verdict;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures two targets in turns, so that the machine's moods meet both: {@code loadtest versus}. */
@Command(
        name = "versus",
        mixinStandardHelpOptions = true,
        description =
                "Alternates between two targets in one session; prints the ratios of each round and their spread.")
final class VersusCommand implements Callable<Integer> {
    private static final int ROUNDS_MAX = 1000;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Option(names = "--other", required = true, paramLabel = "URL", description = "The other target.")
    private String other = "";

    @Option(names = "--other-pid", defaultValue = "0", description = "The other target's process.")
    private long otherPid;

    @Option(names = "--rounds", defaultValue = "5", description = "Runs of each. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec);
        if (rounds < 1 || rounds > ROUNDS_MAX) {
            throw new IllegalArgumentException("--rounds: from 1 to " + ROUNDS_MAX);
        }
        Scenario scenario = options.scenario(command);
        Target first = options.target();
        Target otherTarget = options.other(other);
        ProcessWatch secondWatch = new ProcessWatch(otherPid);
        PrintWriter out = command.commandLine().getOut();
        List<Figures> ofFirst = new ArrayList<>();
        List<Figures> ofSecond = new ArrayList<>();
        int worst = Verdict.GOOD;
        for (int round = 0; round < rounds; round++) {
            // Both get the same arrivals, and take turns in going first.
            Scenario same = scenario.with(Key.SEED, Integer.toString(scenario.count(Key.SEED) + round));
            for (boolean isFirst : round % 2 == 0 ? new boolean[] {true, false} : new boolean[] {false, true}) {
                Result run = LoadRun.run(
                        same, isFirst ? first : otherTarget, isFirst ? options.watch() : secondWatch, second -> {});
                (isFirst ? ofFirst : ofSecond).add(Figures.read(JsonReport.of(run)));
                worst = Math.max(worst, Verdict.of(run).exitCode());
                write(run, (isFirst ? "a" : "b") + round);
            }
            out.print("round " + round + ": " + Comparison.line(ofFirst.get(round), ofSecond.get(round)));
            out.flush();
        }
        out.print(Comparison.spread(ofFirst, ofSecond));
        if (worst == Verdict.VOID) {
            out.println("VOID: the generator was starved in at least one round.");
        }
        out.flush();
        return worst;
    }

    private void write(Result run, String name) throws IOException {
        Path out = options.out();
        if (out != null) {
            ReportFiles.write(run, out.resolve(name));
        }
    }
}
