package headgate.loadtest.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The calls of a run in the order of their intended times. */
public interface Arrivals {
    /** The most lines that a trace may have. */
    int TRACE_LINES_MAX = 2_000_000;

    /** The next call, or null after the last. */
    @Nullable
    Arrival next();

    /**
     * Calls as a rate wants them.
     *
     * @param poisson true for independent callers, false for even gaps
     * @param sizes tells how long prompts and answers are
     * @param durationNanos calls from here on are not made
     */
    static Arrivals at(Rate rate, boolean poisson, Sizes sizes, long durationNanos, long seed) {
        Random gaps = new Random(seed);
        Random lengths = new Random(~seed);
        Distribution step = poisson ? new Distribution.Exponential(1) : new Distribution.Constant(1);
        double[] due = {poisson ? step.draw(gaps) : 0};
        return () -> {
            double at = rate.secondsUntil(due[0]) * 1e9;
            due[0] += step.draw(gaps);
            return at < durationNanos ? sizes.arrival((long) at, lengths) : null;
        };
    }

    /** The lines of a trace, so many times as fast as they happened; calls after the duration are left out. */
    static Arrivals replay(List<Arrival> trace, double speedUp, long durationNanos) {
        Iterator<Arrival> lines = trace.iterator();
        return () -> {
            if (!lines.hasNext()) {
                return null;
            }
            Arrival line = lines.next();
            long at = (long) (line.atNanos() / speedUp);
            return at < durationNanos ? new Arrival(at, line.promptTokens(), line.outputTokens()) : null;
        };
    }

    /**
     * Reads a trace: a heading, then lines {@code 2023-11-16 18:17:03.9799600,4808,10} of time, prompt and generated tokens,
     * in the order of time. This is the form of the Azure LLM inference traces.
     *
     * @return arrivals whose times count from the first line's
     * @throws IOException if the file cannot be read or a line is not of that form
     */
    static List<Arrival> readTrace(Path file) throws IOException {
        List<Arrival> arrivals = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
            LocalDateTime first = null;
            String line = lines.readLine();
            for (int number = 2; (line = lines.readLine()) != null; number++) {
                if (number > TRACE_LINES_MAX) {
                    throw new IOException(file + ": more than " + TRACE_LINES_MAX + " lines");
                }
                try {
                    String[] fields = line.split(",", -1);
                    LocalDateTime time = LocalDateTime.parse(fields[0].replace(' ', 'T'));
                    first = first == null ? time : first;
                    long at = Duration.between(first, time).toNanos();
                    arrivals.add(new Arrival(at, Integer.parseInt(fields[1]), Integer.parseInt(fields[2])));
                } catch (RuntimeException e) {
                    throw new IOException(
                            file + ":" + number + ": not TIME,PROMPT_TOKENS,GENERATED_TOKENS: " + line, e);
                }
            }
        }
        return arrivals;
    }

    /** How long prompts and answers are, in tokens. */
    record Sizes(Distribution prompt, Distribution output) {
        private static final int TOKENS_MAX = 1_000_000;

        public Arrival arrival(long atNanos, Random random) {
            return new Arrival(atNanos, tokens(prompt, random), tokens(output, random));
        }

        private static int tokens(Distribution of, Random random) {
            return (int) Math.max(1, Math.min(TOKENS_MAX, Math.round(of.draw(random))));
        }
    }
}
