package headgate.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import headgate.loadtest.report.Comparison;
import headgate.loadtest.report.Figures;
import headgate.loadtest.report.HtmlReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sets two runs against each other: {@code loadtest compare A B}. */
@Command(name = "compare", mixinStandardHelpOptions = true, description = "Compares two JSON reports, as ratios.")
final class CompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "A report.json; 1.00 stands for it.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "Another.")
    private Path second = Path.of("");

    @Option(names = "--html", paramLabel = "FILE", description = "Also a page with both runs over each other.")
    private @Nullable Path html;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Figures a = Figures.read(Files.readString(first, UTF_8));
        Figures b = Figures.read(Files.readString(second, UTF_8));
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.print(Comparison.of(a, b));
        out.flush();
        if (html != null) {
            Files.writeString(html, HtmlReport.of(List.of(a, b)), UTF_8);
        }
        return 0;
    }
}
