package headgate.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import headgate.loadtest.SimulatedProvider.Options;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LoadTestTest extends ProviderTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory = Path.of("");

    @Override
    Options options() {
        return super.options().withPace(Duration.ofMillis(1), Duration.ofMillis(1), 100);
    }

    private int loadtest(String... arguments) {
        CommandLine command = LoadTest.command();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = command.execute(arguments);
        command.getOut().flush();
        command.getErr().flush();
        return code;
    }

    private String url() {
        return "http://127.0.0.1:" + provider.port();
    }

    private Path report(String name) {
        Path to = directory.resolve(name);
        int code = loadtest(
                "--target",
                url(),
                "--path",
                CHAT,
                "--rate",
                "100",
                "--duration",
                "1500ms",
                "--late-share",
                "1",
                "--hiccup",
                "1000",
                "--busy-share",
                "1",
                "--key",
                "secret-key",
                "--out",
                to.toString(),
                "--pid",
                "" + ProcessHandle.current().pid());
        assertThat(code).as(err.toString()).isZero();
        return to;
    }

    @Test
    void aRunLeavesWellFormedReports() throws Exception {
        Path reports = report("a");

        JsonNode json = json(Files.readString(reports.resolve("report.json")));
        assertThat(json.at("/outcomes/good").asInt()).isPositive();
        assertThat(json.at("/latency/total/count").asInt())
                .isEqualTo(json.at("/outcomes/good").asInt());
        assertThat(json.at("/timeline/0/at").asDouble()).isPositive();
        assertThat(json.at("/machine/processors").asInt()).isPositive();
        assertThat(json.at("/command").asText())
                .startsWith("headgate loadtest --target ")
                .contains("--key KEY")
                .doesNotContain("secret-key");
        assertThat(json.at("/latency/total").has("p99")).isTrue();
        assertThat(json.at("/latency/total").has("p999"))
                .as("150 calls have no slowest thousandth")
                .isFalse();
        assertThat(json.at("/rates/rss_mebibytes_max").asDouble()).isPositive();
        assertThat(json.at("/void").size()).isZero();
        assertThat(Files.readString(reports.resolve("report.txt"))).contains("outcomes  good ", "first_event");
        assertThat(out.toString()).isEqualTo(Files.readString(reports.resolve("report.txt")));
        assertThat(Files.readString(reports.resolve("total.hgrm"))).contains("Percentile", "TotalCount", "#[Mean    =");
        assertThat(err.toString()).contains("/s begun").contains("reports are in");
        aPage(reports.resolve("report.html"), 6);
    }

    @Test
    void twoRunsAreComparedAndPlottedOverEachOther() throws Exception {
        Path page = directory.resolve("both.html");
        String a = report("a").resolve("report.json").toString();
        String b = report("b").resolve("report.json").toString();
        out.getBuffer().setLength(0);

        assertThat(loadtest("compare", a, b, "--html", page.toString())).isZero();
        assertThat(out.toString()).contains("B/A", "good calls/s", "total p99");
        assertThat(aPage(page, 6)).contains("A total", "B total");

        out.getBuffer().setLength(0);
        assertThat(loadtest("compare", a, a)).isZero();
        assertThat(out.toString().lines().skip(1)).allMatch(line -> line.endsWith(" 1.00"));
    }

    @Test
    void twoTargetsTakeTurns() throws Exception {
        int code = loadtest(
                "versus",
                "--target",
                url(),
                "--other",
                url(),
                "--rounds",
                "2",
                "--path",
                CHAT,
                "--rate",
                "20",
                "--duration",
                "500ms",
                "--late-share",
                "1",
                "--hiccup",
                "1000",
                "--busy-share",
                "1",
                "--out",
                directory.toString());

        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("round 0, cold, not counted: good calls/s ", "round 2: good calls/s ", "median", "total p50");
        assertThat(provider.counters().answers(200))
                .as("both get the same calls")
                .isEven();
        JsonNode json = json(Files.readString(directory.resolve("versus.json")));
        assertThat(json.at("/rounds").asInt()).isEqualTo(2);
        assertThat(json.at("/ratios/total p50/rounds")).hasSize(2);
        assertThat(json.at("/ratios/total p50/median").asDouble()).isPositive();
        aPage(directory.resolve("versus.html"), 3);
        assertThat(directory.resolve("b2/report.json")).exists();
    }

    @Test
    void theFrontierOfATargetThatAnswersNothingIsZero() {
        int code = loadtest(
                "frontier",
                "--target",
                url(),
                "--path",
                "/fault/500" + CHAT,
                "--rate",
                "10",
                "--duration",
                "300ms",
                "--arrivals",
                "even",
                "--late-share",
                "1",
                "--hiccup",
                "1000",
                "--busy-share",
                "1",
                "--pause",
                "1ms",
                "--out",
                directory.toString());

        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).contains("frontier: 0.0 calls/s");
        assertThat(directory.resolve("00-at-10/report.json")).exists();
    }

    @Test
    void aTargetThatIsFullIsBadAndNotTheGeneratorVoid() {
        int code = loadtest(
                "frontier",
                "--target",
                url(),
                "--path",
                "/fault/stall" + CHAT,
                "--rate",
                "100",
                "--duration",
                "200ms",
                "--timeout",
                "50ms",
                "--connections",
                "1",
                "--backlog",
                "1",
                "--arrivals",
                "even",
                "--late-share",
                "1",
                "--hiccup",
                "1000",
                "--busy-share",
                "1",
                "--pause",
                "1ms");

        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).contains("BAD").doesNotContain("VOID");
    }

    @Test
    void wrongUsageIsSaid() {
        assertThat(loadtest("--rate", "5")).isEqualTo(2);
        assertThat(err.toString()).contains("--target");
        assertThat(loadtest("--target", "ftp://x", "--rate", "5")).isEqualTo(2);
        assertThat(err.toString()).contains("is not a URL");
        assertThat(loadtest("--target", url(), "--rate", "many")).isEqualTo(2);
        assertThat(err.toString()).contains("rate: 'many' is not a number");
        assertThat(loadtest("nowhere.yaml", "--target", url())).isEqualTo(1);
        assertThat(err.toString()).contains("nowhere.yaml");
    }

    /** The page's text, after checking that it is well-formed, has so many plots, and asks nobody for anything. */
    private static String aPage(Path file, int plots) throws Exception {
        String page = Files.readString(file);
        assertThat(page).doesNotContain("<script", "<link", "src=", "@import", "url(");
        String markup = page.substring(page.indexOf("<html"));
        var document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        markup.replaceAll("(?s)<style>.*?</style>", "").getBytes(UTF_8)));
        assertThat(document.getElementsByTagName("svg").getLength()).isGreaterThanOrEqualTo(plots);
        assertThat(page).doesNotContain("NaN", "Infinity");
        return page;
    }
}
