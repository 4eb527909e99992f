package headgate.conf.yaml;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A duration within bounds, always with its unit: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}. */
public record DurationFormat(Duration min, Duration max) implements Format<Duration> {
    private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,11})(ms|s|m|h)");
    private static final List<Unit> UNITS =
            List.of(new Unit("h", 3_600_000), new Unit("m", 60_000), new Unit("s", 1_000), new Unit("ms", 1));

    private record Unit(String name, long millis) {}

    @Override
    public @Nullable Duration read(String text) {
        Matcher duration = DURATION.matcher(text);
        if (!duration.matches()) {
            return null;
        }
        Unit unit = UNITS.stream()
                .filter(u -> u.name.equals(duration.group(2)))
                .findFirst()
                .orElseThrow();
        // Twelve digits of hours are 3.6e18 ms, which a long still holds.
        Duration value = Duration.ofMillis(Long.parseLong(duration.group(1)) * unit.millis);
        return value.compareTo(min) >= 0 && value.compareTo(max) <= 0 ? value : null;
    }

    @Override
    public String expected() {
        return "a duration from " + write(min) + " to " + write(max) + ", such as 500ms, 10s, 5m or 1h";
    }

    @Override
    public String remark(String text) {
        boolean bare = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return bare ? " (a bare number has no unit)" : "";
    }

    @Override
    public String write(Duration value) {
        long millis = value.toMillis();
        Unit unit =
                UNITS.stream().filter(u -> millis % u.millis == 0).findFirst().orElseThrow();
        return millis == 0 ? "0s" : millis / unit.millis + unit.name;
    }
}
