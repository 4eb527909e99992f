package headgate.loadtest.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.measure.Latency;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Writes all reports of a run into a directory. */
public final class ReportFiles {
    private ReportFiles() {}

    /**
     * Writes {@code report.txt}, {@code report.json}, {@code report.html}, and a {@code .hgrm} for each latency that was seen.
     *
     * @param command by which the run can be made again
     */
    public static void write(Result run, String command, Path directory) throws IOException {
        Files.createDirectories(directory);
        String json = JsonReport.of(run, command);
        Figures figures = Figures.read(json);
        Files.writeString(directory.resolve("report.json"), json, UTF_8);
        Files.writeString(directory.resolve("report.txt"), TextReport.of(figures), UTF_8);
        Files.writeString(directory.resolve("report.html"), HtmlReport.of(List.of(figures)), UTF_8);
        for (Latency latency : Latency.values()) {
            Histogram micros = run.measures().total(latency);
            if (micros.getTotalCount() > 0) {
                Path file = directory.resolve(latency.word() + ".hgrm");
                try (OutputStream bytes = Files.newOutputStream(file);
                        PrintStream lines = new PrintStream(bytes, false, UTF_8)) {
                    micros.outputPercentileDistribution(lines, 1000.0);
                }
            }
        }
    }
}
