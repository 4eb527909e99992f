package headgate.filters.identity;

import headgate.conf.KeyConfig;
import headgate.conf.Network;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A key as it stands in Redis: lines of a word and its values, such as {@code deployments gpt-* mistral}. */
final class KeyRecord {
    private KeyRecord() {}

    static String write(KeyConfig key) {
        StringBuilder lines = new StringBuilder();
        line(lines, "sha256", key.sha256());
        Instant expires = key.expires();
        line(lines, "expires", expires == null ? List.of() : List.of(expires));
        line(lines, "deployments", key.deployments());
        line(lines, "surfaces", key.surfaces());
        line(lines, "networks", key.networks());
        return lines.toString();
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it says something that is not understood: a bound that is not known must not be
     *     taken for none
     */
    static KeyConfig read(String name, String record) {
        List<String> sha256 = List.of();
        @Nullable Instant expires = null;
        List<String> deployments = List.of();
        List<String> surfaces = List.of();
        List<Network> networks = List.of();
        for (String line : record.split("\n", -1)) {
            List<String> words = Arrays.asList(line.split(" ", -1));
            List<String> values = List.copyOf(words.subList(1, words.size()));
            switch (words.get(0)) {
                case "sha256" -> sha256 = values;
                case "expires" -> expires = Instant.parse(String.join(" ", values));
                case "deployments" -> deployments = values;
                case "surfaces" -> surfaces = values;
                case "networks" -> networks = networks(values);
                default -> throw new IllegalArgumentException("the key " + name + " has a line " + words.get(0));
            }
        }
        return new KeyConfig(name, sha256, expires, deployments, surfaces, networks);
    }

    private static List<Network> networks(List<String> values) {
        List<Network> networks = new ArrayList<>();
        values.forEach(value -> networks.add(Objects.requireNonNullElseGet(Network.read(value), () -> {
            throw new IllegalArgumentException("not a network: " + value);
        })));
        return List.copyOf(networks);
    }

    private static void line(StringBuilder lines, String word, List<?> values) {
        if (!values.isEmpty()) {
            lines.append(lines.isEmpty() ? "" : "\n").append(word);
            values.forEach(value -> lines.append(' ').append(value));
        }
    }
}
