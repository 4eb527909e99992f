package headgate.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import headgate.loadtest.calls.LoadRun;
import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.calls.Target;
import headgate.loadtest.measure.ProcessWatch;
import headgate.loadtest.report.Comparison;
import headgate.loadtest.report.Figures;
import headgate.loadtest.report.JsonReport;
import headgate.loadtest.report.ReportFiles;
import headgate.loadtest.report.Rounds;
import headgate.loadtest.report.Verdict;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Runs of each, after a cold one that is not counted. Default: ${DEFAULT-VALUE}")
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
        ProcessWatch otherWatch = new ProcessWatch(otherPid);
        String made = RunOptions.command(command);
        PrintWriter out = command.commandLine().getOut();
        Path directory = options.out();
        Rounds all = new Rounds();
        int worst = Verdict.GOOD;
        for (int round = 0; round <= rounds; round++) {
            // Both get the same arrivals, and take turns in going first.
            Scenario same = scenario.with(Key.SEED, Integer.toString(scenario.count(Key.SEED) + round));
            Figures[] figures = new Figures[2];
            for (int turn = 0; turn < 2; turn++) {
                int which = (round + turn) % 2;
                Result run = LoadRun.run(
                        same,
                        which == 0 ? first : otherTarget,
                        which == 0 ? options.watch() : otherWatch,
                        second -> {});
                figures[which] = Figures.read(JsonReport.of(run, made));
                if (round > 0 && !Verdict.of(run).isVoid()) {
                    worst = Math.max(worst, Verdict.of(run).exitCode());
                }
                if (directory != null) {
                    ReportFiles.write(run, made, directory.resolve((which == 0 ? "a" : "b") + round));
                }
            }
            if (round > 0) {
                all.add(figures[0], figures[1]);
            }
            out.print((round == 0 ? "round 0, cold, not counted: " : "round " + round + ": ")
                    + Comparison.line(figures[0], figures[1]));
            out.flush();
        }
        out.print(all.text());
        out.flush();
        if (directory != null) {
            Files.writeString(directory.resolve("versus.json"), all.json(first.url(), otherTarget.url(), made), UTF_8);
            Files.writeString(directory.resolve("versus.html"), all.html(first.url(), otherTarget.url()), UTF_8);
        }
        return all.count() == 0 ? Verdict.VOID : worst;
    }
}
