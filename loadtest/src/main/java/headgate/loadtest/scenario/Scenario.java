package headgate.loadtest.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run does: a checked value for each {@link Key}.
 *
 * <p>A scenario file is the flat part of YAML: one {@code key: value} a line, with comments. Strict: an unknown key, a key
 * said twice or an ill-formed value is an error with its line.
 */
public final class Scenario {
    private static final Set<String> ARRIVALS = Set.of("poisson", "even", "trace", "closed");

    private final Map<Key, String> values;

    private Scenario(Map<Key, String> values) {
        this.values = new EnumMap<>(values);
        check();
    }

    /** One with nothing but defaults. */
    public static Scenario standard() {
        return new Scenario(new EnumMap<>(Key.class));
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it is wrong, with a message that names the line
     */
    public static Scenario read(Path file) throws IOException {
        Map<Key, String> values = new EnumMap<>(Key.class);
        List<String> lines = Files.readAllLines(file, UTF_8);
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).replaceFirst("(^|\\s)#.*", "").strip();
            if (line.isEmpty()) {
                continue;
            }
            try {
                int colon = line.indexOf(": ");
                Key key = find(colon < 0 ? line : line.substring(0, colon));
                String value = colon < 0 ? "" : line.substring(colon + 2).strip();
                key.check(value);
                if (values.put(key, value) != null) {
                    throw new IllegalArgumentException(key.word() + " is said twice");
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ":" + number + ": " + e.getMessage(), e);
            }
        }
        return new Scenario(values);
    }

    /** This one with some values replaced; fails as {@link #read} does, without a line. */
    public Scenario with(Map<Key, String> others) {
        Map<Key, String> all = new EnumMap<>(Key.class);
        all.putAll(values);
        all.putAll(others);
        return new Scenario(all);
    }

    public Scenario with(Key key, String value) {
        return with(Map.of(key, value));
    }

    public String text(Key key) {
        return values.getOrDefault(key, key.standard());
    }

    public boolean flag(Key key) {
        return text(key).equals("true");
    }

    public double number(Key key) {
        return Amount.number(text(key));
    }

    public int count(Key key) {
        return Integer.parseInt(text(key));
    }

    public long nanos(Key key) {
        return Amount.duration(text(key)).toNanos();
    }

    /** Whether each connection calls again when it was answered, whatever the time. */
    public boolean closed() {
        return text(Key.ARRIVALS).equals("closed");
    }

    public boolean http2() {
        return text(Key.HTTP).equals("2");
    }

    public Arrivals.Sizes sizes() {
        return new Arrivals.Sizes(
                Distribution.parse(text(Key.PROMPT), Amount::number),
                Distribution.parse(text(Key.OUTPUT), Amount::number));
    }

    /** The intended calls of one run, from their beginning; always the same for the same scenario. */
    public Arrivals arrivals() throws IOException {
        long duration = nanos(Key.DURATION);
        return switch (text(Key.ARRIVALS)) {
            case "trace" ->
                Arrivals.replay(Arrivals.readTrace(Path.of(text(Key.TRACE))), number(Key.SPEED_UP), duration);
            case "closed" -> () -> null;
            default -> Arrivals.at(rate(), text(Key.ARRIVALS).equals("poisson"), sizes(), duration, count(Key.SEED));
        };
    }

    private Rate rate() {
        double rate = number(Key.RATE);
        if (number(Key.BURST_RATE) > 0) {
            return new Rate.Bursts(
                    rate, number(Key.BURST_RATE), nanos(Key.BURST_EVERY) / 1e9, nanos(Key.BURST_FOR) / 1e9);
        }
        return number(Key.RAMP_TO) > 0
                ? new Rate.Ramp(rate, number(Key.RAMP_TO), nanos(Key.DURATION) / 1e9)
                : new Rate.Constant(rate);
    }

    private void check() {
        values.forEach(Key::check);
        require(ARRIVALS.contains(text(Key.ARRIVALS)), "arrivals: one of " + ARRIVALS + " is needed");
        require(!text(Key.ARRIVALS).equals("trace") || !text(Key.TRACE).isEmpty(), "trace: a file is needed");
        require(text(Key.HTTP).matches("1\\.1|2"), "http: 1.1 or 2 is needed");
        // Both stand in requests as they are.
        require(text(Key.PATH).matches("/[!-~]*"), "path: must begin with a slash and have no blanks");
        require(text(Key.MODEL).matches("[A-Za-z0-9._:/@-]+"), "model: letters, digits and . _ : / @ - only");
        require(number(Key.RATE) > 0, "rate: must be above 0");
        require(number(Key.SPEED_UP) > 0, "speed-up: must be above 0");
        require(number(Key.RAMP_TO) == 0 || number(Key.BURST_RATE) == 0, "ramp-to and burst-rate exclude each other");
        require(nanos(Key.BURST_FOR) <= nanos(Key.BURST_EVERY), "burst-for: must not be longer than burst-every");
        require(nanos(Key.BURST_EVERY) > 0, "burst-every: must be above 0");
        require(nanos(Key.WARMUP) < nanos(Key.DURATION), "warmup: must be shorter than duration");
        for (Key positive : List.of(Key.CONNECTIONS, Key.LOOPS)) {
            require(count(positive) > 0, positive.word() + ": must be above 0");
        }
        require(count(Key.LOOPS) <= count(Key.CONNECTIONS), "connections: each loop needs one");
    }

    /** The key of a word. */
    private static Key find(String word) {
        for (Key key : Key.values()) {
            if (key.word().equals(word)) {
                return key;
            }
        }
        throw new IllegalArgumentException("no such key: " + word);
    }

    private static void require(boolean good, String problem) {
        if (!good) {
            throw new IllegalArgumentException(problem);
        }
    }
}
