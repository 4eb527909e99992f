package headgate.proxy;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.conf.KeyConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whose key it is and what bounds it, as the commands take it and as the file says it. */
final class KeyOptions {
    private static final Pattern DAYS = Pattern.compile("([1-9][0-9]{0,4})d");
    private static final Pattern PLACE = Pattern.compile("^\\S+:[0-9]+:[0-9]+ keys\\.");
    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7E&&[^\"\\\\]]+");
    /** A configuration must have one, and this one is never asked. */
    private static final String REST = "\ndeployments: { none: { upstreams: [{ url: \"http://127.0.0.1\" }] } }\n";

    @Parameters(index = "0", paramLabel = "NAME", description = "who the key is for")
    private String name = "";

    @Option(names = "--expires", paramLabel = "WHEN", description = "90d, 2027-01-31 or 2027-01-31T12:00:00Z")
    private @Nullable String expires;

    @Option(names = "--deployments", split = ",", description = "what it may use; * stands for any characters")
    private List<String> deployments = List.of();

    @Option(names = "--surfaces", split = ",", description = "where it may ask: models, openai, v1")
    private List<String> surfaces = List.of();

    @Option(names = "--networks", split = ",", description = "where it may come from, such as 10.0.0.0/8")
    private List<String> networks = List.of();

    /**
     * The key, judged as if it stood in the file.
     *
     * @param sha256 of its secret
     * @throws ConfigException if the file would not take it; its problems have no lines
     */
    KeyConfig key(String sha256) throws ConfigException {
        for (String word : List.of(name, String.join(",", deployments), String.join(",", networks))) {
            if (!word.isEmpty() && !PLAIN.matcher(word).matches()) {
                throw new ConfigException(List.of("names and networks are visible ASCII characters without quotes"));
            }
        }
        String yaml = yaml(name, sha256, instant(), deployments, surfaces, networks);
        try {
            return Objects.requireNonNull(ConfigLoader.load(yaml + REST, Path.of("key"), Map.of())
                    .keys()
                    .get(name));
        } catch (ConfigException e) {
            throw new ConfigException(e.problems().stream()
                    .map(problem -> PLACE.matcher(problem).replaceFirst(""))
                    .toList());
        }
    }

    /** A key as the file says it. */
    static String yaml(KeyConfig key) {
        return yaml(
                key.name(),
                String.join("\", \"", key.sha256()),
                key.expires() == null ? null : key.expires().toString(),
                key.deployments(),
                key.surfaces(),
                key.networks());
    }

    private static String yaml(
            String name,
            String sha256,
            @Nullable String expires,
            List<String> deployments,
            List<String> surfaces,
            List<?> networks) {
        return "keys:\n  \"" + name + "\":\n"
                + list("sha256", List.of(sha256))
                + (expires == null ? "" : "    expires: \"" + expires + "\"\n")
                + list("deployments", deployments)
                + list("surfaces", surfaces)
                + list("networks", networks);
    }

    private static String list(String key, List<?> values) {
        return values.isEmpty()
                ? ""
                : values.stream()
                        .map(value -> '"' + value.toString() + '"')
                        .collect(Collectors.joining(", ", "    " + key + ": [", "]\n"));
    }

    private @Nullable String instant() {
        Matcher days = expires == null ? null : DAYS.matcher(expires);
        return days == null || !days.matches()
                ? expires
                : Instant.now()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .plus(Integer.parseInt(days.group(1)), ChronoUnit.DAYS)
                        .toString();
    }
}
