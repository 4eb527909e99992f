package headgate.loadtest.report;

import headgate.loadtest.measure.Latency;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Writes a run for the terminal. */
public final class TextReport {
    private TextReport() {}

    public static String of(Figures run) {
        StringBuilder text = new StringBuilder();
        line(text, "%s, %.1f s", run.text("/target"), run.number("/seconds"));
        line(
                text,
                "calls     %.0f begun (%.0f late, %.0f waited for a connection), %.1f/s good, %.1f tokens/s",
                run.number("/counts/started"),
                run.number("/counts/late"),
                run.number("/counts/queued"),
                run.number("/rates/good_per_second"),
                run.number("/rates/tokens_per_second"));
        line(text, "outcomes  %s", members(run, "/outcomes/"));
        if (!members(run, "/statuses/").isEmpty()) {
            line(text, "statuses  %s", members(run, "/statuses/"));
        }
        line(
                text,
                "traffic   %.0f bytes out, %.0f in, %.0f events, %.0f connections, %.0f idle ones lost",
                run.number("/counts/bytes_out"),
                run.number("/counts/bytes_in"),
                run.number("/counts/events"),
                run.number("/counts/connections"),
                run.number("/counts/idle_lost"));
        if (run.number("/counts/retries") + run.number("/counts/resent") > 0) {
            line(
                    text,
                    "retries   %.0f, %.2f attempts a call, %.0f waited as advised; %.0f sent anew with a connection",
                    run.number("/counts/retries"),
                    run.number("/rates/attempts_per_call"),
                    run.number("/counts/heeded"),
                    run.number("/counts/resent"));
        }
        if (run.number("/rates/cpu_seconds") > 0) {
            line(
                    text,
                    "process   %.2f s of CPU, %.1f us a good call, %.0f MiB at most",
                    run.number("/rates/cpu_seconds"),
                    run.number("/rates/cpu_micros_per_good_call"),
                    run.number("/rates/rss_mebibytes_max"));
        }
        line(text, "%-12s %9s %9s %9s %9s %9s %9s", "ms", "count", "p50", "p90", "p99", "p99.9", "max");
        for (Latency latency : Latency.values()) {
            String at = "/latency/" + latency.word() + "/";
            if (run.number(at + "count") > 0) {
                line(
                        text,
                        "%-12s %9.0f %9s %9s %9s %9s %9s",
                        latency.word(),
                        run.number(at + "count"),
                        millis(run, at + "p50"),
                        millis(run, at + "p90"),
                        millis(run, at + "p99"),
                        millis(run, at + "p999"),
                        millis(run, at + "max"));
            }
        }
        each(run, "/faults/", problem -> line(text, "FAULTY: %s", problem));
        each(run, "/void/", problem -> line(text, "VOID: %s. These figures say nothing about the target.", problem));
        return text.toString();
    }

    private static String millis(Figures run, String path) {
        return run.has(path) ? String.format(Locale.ROOT, "%.2f", run.number(path)) : "-";
    }

    private static String members(Figures run, String prefix) {
        StringBuilder members = new StringBuilder();
        for (Map.Entry<String, String> value : run.values().entrySet()) {
            if (value.getKey().startsWith(prefix) && !value.getValue().equals("0")) {
                members.append(members.isEmpty() ? "" : ", ")
                        .append(value.getKey().substring(prefix.length()))
                        .append(' ')
                        .append(value.getValue());
            }
        }
        return members.toString();
    }

    private static void each(Figures run, String prefix, Consumer<String> problem) {
        for (int index = 0; run.values().containsKey(prefix + index); index++) {
            problem.accept(run.text(prefix + index));
        }
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
