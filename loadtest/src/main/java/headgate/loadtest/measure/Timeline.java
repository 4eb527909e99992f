package headgate.loadtest.measure;

import headgate.loadtest.measure.Measures.Count;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** A run second by second, gathered from its measures by one thread. */
public final class Timeline {
    private final Measures measures;
    private final ProcessWatch watched;
    private final ProcessWatch own = ProcessWatch.own();
    private final List<Second> seconds = new ArrayList<>();
    private final long startNanos;

    private long lastNanos;
    private long started;
    private long ended;
    private long errors;
    private ProcessWatch.Sample process;
    private ProcessWatch.Sample generator;

    public Timeline(Measures measures, ProcessWatch watched, long startNanos) {
        this.measures = measures;
        this.watched = watched;
        this.startNanos = startNanos;
        this.lastNanos = startNanos;
        this.process = watched.sample();
        this.generator = own.sample();
    }

    /** Takes in what happened since the last call; returns it. */
    public Second tick() {
        long now = System.nanoTime();
        double length = Math.max(1e-3, (now - lastNanos) / 1e9);
        for (Latency latency : Latency.values()) {
            if (latency != Latency.TOTAL) {
                measures.since(latency);
            }
        }
        Histogram total = measures.since(Latency.TOTAL);
        ProcessWatch.Sample processNow = watched.sample();
        ProcessWatch.Sample generatorNow = own.sample();
        Second second = new Second(
                (now - startNanos) / 1e9,
                (measures.count(Count.STARTED) - started) / length,
                (measures.ended() - ended) / length,
                measures.errors() - errors,
                millis(total, 50),
                millis(total, 99),
                Math.max(0, processNow.cpuSeconds() - process.cpuSeconds()) / length,
                Math.max(0, generatorNow.cpuSeconds() - generator.cpuSeconds()) / length,
                processNow.rssBytes() / 1048576.0);
        lastNanos = now;
        started = measures.count(Count.STARTED);
        ended = measures.ended();
        errors = measures.errors();
        process = processNow;
        generator = generatorNow;
        seconds.add(second);
        return second;
    }

    public List<Second> seconds() {
        return List.copyOf(seconds);
    }

    /** CPU time that the watched process used between two moments, in seconds, of a second that is cut its share. */
    public double cpuSeconds(double from, double until) {
        double sum = 0;
        double last = 0;
        for (Second second : seconds) {
            sum += second.cpu() * Math.max(0, Math.min(until, second.at()) - Math.max(from, last));
            last = second.at();
        }
        return sum;
    }

    private static double millis(Histogram micros, double percentile) {
        return micros.getTotalCount() == 0 ? Double.NaN : micros.getValueAtPercentile(percentile) / 1e3;
    }
}
