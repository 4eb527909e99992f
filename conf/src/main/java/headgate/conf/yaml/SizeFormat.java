package headgate.conf.yaml;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A number of bytes within bounds: {@code 64KiB}, {@code 1MiB}, {@code 512B} or plain {@code 512}. */
public record SizeFormat(long min, long max) implements Format<Long> {
    public static final long KIB = 1L << 10;
    public static final long MIB = 1L << 20;
    public static final long GIB = 1L << 30;

    private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,17})(B|KiB|MiB|GiB)?");
    private static final List<Unit> UNITS =
            List.of(new Unit("GiB", GIB), new Unit("MiB", MIB), new Unit("KiB", KIB), new Unit("B", 1));

    private record Unit(String name, long bytes) {}

    @Override
    public @Nullable Long read(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            return null;
        }
        long number = Long.parseLong(size.group(1));
        long unit = UNITS.stream()
                .filter(u -> u.name.equals(size.group(2)))
                .mapToLong(Unit::bytes)
                .findFirst()
                .orElse(1);
        // Divided and not multiplied, which could overflow.
        return number <= max / unit && number * unit >= min ? number * unit : null;
    }

    @Override
    public String expected() {
        return "a size from " + write(min) + " to " + write(max) + ", such as 64KiB, 1MiB or 512B";
    }

    @Override
    public String write(Long value) {
        Unit unit = UNITS.stream().filter(u -> value % u.bytes == 0).findFirst().orElseThrow();
        return value == 0 ? "0B" : value / unit.bytes + unit.name;
    }
}
