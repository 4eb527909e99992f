package headgate.loadtest.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.measure.Latency;
import headgate.loadtest.measure.Measures;
import headgate.loadtest.measure.Measures.Count;
import headgate.loadtest.measure.Outcome;
import headgate.loadtest.measure.Second;
import headgate.loadtest.scenario.Key;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Writes a run as JSON, times in milliseconds: the report that all others are made from. */
public final class JsonReport {
    /** Where the curve of a latency has its points, as percentiles. */
    private static final double[] CURVE = {
        0, 10, 25, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 96, 97, 98, 98.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 99.999
    };

    /** For shares that decimals cannot say exactly. */
    private static final double EPSILON = 1e-6;

    private JsonReport() {}

    /**
     * The report of a run.
     *
     * @param command by which it can be made again
     */
    public static String of(Result run, String command) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            write(json, run, command);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text + "\n";
    }

    private static void write(JsonGenerator json, Result run, String command) throws IOException {
        Measures measures = run.measures();
        Verdict verdict = Verdict.of(run);
        json.writeStringField("target", run.target());
        json.writeStringField("began", run.began().toString());
        json.writeStringField("command", command);
        Machine.write(json);
        strings(json, "void", verdict.voids());
        strings(json, "faults", verdict.faults());
        json.writeObjectFieldStart("scenario");
        for (Key key : Key.values()) {
            json.writeStringField(key.word(), run.scenario().text(key));
        }
        json.writeEndObject();
        json.writeNumberField("seconds", run.seconds());
        json.writeObjectFieldStart("counts");
        for (Count count : Count.values()) {
            json.writeNumberField(count.name().toLowerCase(Locale.ROOT), measures.count(count));
        }
        json.writeEndObject();
        json.writeObjectFieldStart("outcomes");
        for (Outcome outcome : Outcome.values()) {
            json.writeNumberField(outcome.word(), measures.count(outcome));
        }
        json.writeEndObject();
        json.writeObjectFieldStart("statuses");
        for (var status : measures.statuses().entrySet()) {
            json.writeNumberField(status.getKey().toString(), status.getValue());
        }
        json.writeEndObject();
        rates(json, run);
        json.writeObjectFieldStart("latency");
        for (Latency latency : Latency.values()) {
            json.writeObjectFieldStart(latency.word());
            latency(json, measures.total(latency));
            json.writeEndObject();
        }
        json.writeEndObject();
        seconds(json, run.timeline().seconds());
    }

    private static void rates(JsonGenerator json, Result run) throws IOException {
        Measures measures = run.measures();
        double seconds = Math.max(1e-3, run.seconds());
        double started = Math.max(1, measures.count(Count.STARTED));
        List<Second> timeline = run.timeline().seconds();
        json.writeObjectFieldStart("rates");
        json.writeNumberField("calls_per_second", measures.count(Count.ENDED_IN_TIME) / seconds);
        json.writeNumberField("good_per_second", measures.count(Count.GOOD_IN_TIME) / seconds);
        json.writeNumberField("tokens_per_second", measures.count(Count.TOKENS_IN_TIME) / seconds);
        json.writeNumberField("errors_share", (double) measures.errors() / Math.max(1, measures.ended()));
        json.writeNumberField("attempts_per_call", 1 + measures.count(Count.RETRIES) / started);
        json.writeNumberField("busy_share", run.busyShare());
        json.writeNumberField("cpu_seconds", run.cpuSeconds());
        json.writeNumberField(
                "cpu_micros_per_good_call", run.cpuSeconds() * 1e6 / Math.max(1, measures.count(Count.GOOD_IN_TIME)));
        json.writeNumberField(
                "rss_mebibytes_max",
                timeline.stream().mapToDouble(Second::rssMebibytes).max().orElse(0));
        json.writeEndObject();
    }

    private static void latency(JsonGenerator json, Histogram micros) throws IOException {
        json.writeNumberField("count", micros.getTotalCount());
        json.writeNumberField("mean", micros.getMean() / 1e3);
        for (double percentile : new double[] {50, 90, 99, 99.9}) {
            // Of fewer calls than have one beyond it, a percentile would be the slowest one, which stands below.
            if (micros.getTotalCount() * (100 - percentile) >= 100 - EPSILON) {
                String name = "p" + (percentile == 99.9 ? "999" : Integer.toString((int) percentile));
                json.writeNumberField(name, micros.getValueAtPercentile(percentile) / 1e3);
            }
        }
        json.writeNumberField("max", micros.getMaxValue() / 1e3);
        json.writeArrayFieldStart("curve");
        for (double percentile : CURVE) {
            // Beyond what so many calls can tell, a curve would only repeat the slowest one.
            if (micros.getTotalCount() * (100 - percentile) < 100 - EPSILON) {
                break;
            }
            row(json, percentile, micros.getValueAtPercentile(percentile) / 1e3);
        }
        json.writeEndArray();
    }

    private static void seconds(JsonGenerator json, List<Second> seconds) throws IOException {
        json.writeArrayFieldStart("timeline");
        for (Second second : seconds) {
            json.writeStartObject();
            json.writeNumberField("at", second.at());
            json.writeNumberField("started", second.started());
            json.writeNumberField("ended", second.ended());
            json.writeNumberField("errors", second.errors());
            if (!Double.isNaN(second.p50Millis())) {
                json.writeNumberField("p50", second.p50Millis());
                json.writeNumberField("p99", second.p99Millis());
            }
            json.writeNumberField("cpu", second.cpu());
            json.writeNumberField("own_cpu", second.ownCpu());
            json.writeNumberField("rss", second.rssMebibytes());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static void row(JsonGenerator json, double... numbers) throws IOException {
        json.writeStartArray();
        for (double number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }
}
