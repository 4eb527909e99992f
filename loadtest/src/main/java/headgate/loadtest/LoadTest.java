package headgate.loadtest;

import headgate.loadtest.calls.LoadRun;
import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.measure.Second;
import headgate.loadtest.report.Figures;
import headgate.loadtest.report.JsonReport;
import headgate.loadtest.report.ReportFiles;
import headgate.loadtest.report.TextReport;
import headgate.loadtest.report.Verdict;
import headgate.loadtest.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The load test's command line. */
@Command(
        name = "loadtest",
        mixinStandardHelpOptions = true,
        description = "Calls a model gateway as many callers would, and measures from outside.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the run is good",
            "1:answers were crossed, wrong or incomplete, too many calls failed, or the run could not be made",
            "2:wrong usage",
            "3:the run is void, because the generator was starved or calls could not be sent"
        },
        subcommands = {FrontierCommand.class, VersusCommand.class, CompareCommand.class})
public final class LoadTest implements Callable<Integer> {
    @Mixin
    private final RunOptions options = new RunOptions();

    @Spec
    private @Nullable CommandSpec spec;

    /** Made by the command line. */
    public LoadTest() {}

    public static void main(String... arguments) {
        System.exit(command().execute(arguments));
    }

    /** The command with an option for each key of a scenario, and with errors as messages. */
    static CommandLine command() {
        CommandLine command = new CommandLine(new LoadTest());
        RunOptions.addKeys(command);
        command.getSubcommands().values().stream()
                .filter(each -> !(each.getCommand() instanceof CompareCommand))
                .forEach(RunOptions::addKeys);
        command.setExecutionExceptionHandler((problem, failed, parsed) -> {
            if (!(problem instanceof IOException || problem instanceof IllegalArgumentException)) {
                throw problem;
            }
            failed.getErr().println("loadtest: " + problem.getMessage());
            return problem instanceof IOException ? Verdict.FAULTY : CommandLine.ExitCode.USAGE;
        });
        return command;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec);
        Scenario scenario = options.scenario(command);
        PrintWriter errors = command.commandLine().getErr();
        Result run = LoadRun.run(scenario, options.target(), options.watch(), progress(errors));
        PrintWriter out = command.commandLine().getOut();
        out.print(TextReport.of(Figures.read(JsonReport.of(run, RunOptions.command(command)))));
        out.flush();
        Path directory = options.out();
        if (directory != null) {
            ReportFiles.write(run, RunOptions.command(command), directory);
            errors.println("loadtest: reports are in " + directory);
        }
        return Verdict.of(run).exitCode();
    }

    /** Prints a line for each second. */
    static Consumer<Second> progress(PrintWriter errors) {
        return second -> {
            errors.printf(
                    Locale.ROOT,
                    "%5.0f s  %8.1f/s begun  %8.1f/s ended  %4d errors  p50 %8s ms  p99 %8s ms%s%n",
                    second.at(),
                    second.started(),
                    second.ended(),
                    second.errors(),
                    millis(second.p50Millis()),
                    millis(second.p99Millis()),
                    second.rssMebibytes() > 0
                            ? String.format(Locale.ROOT, "  %.2f cores  %.0f MiB", second.cpu(), second.rssMebibytes())
                            : "");
            errors.flush();
        };
    }

    private static String millis(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }
}
