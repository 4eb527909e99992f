package headgate.conf;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A broken configuration, with the lines that must be said about it; {@code problems.txt} has one for every kind of error.
 *
 * <p>Where the deployments make no difference, {@code OK} stands for valid ones.
 */
record ProblemCase(String title, String yaml, List<String> problems) {
    /** Part of every secret in every case, and in the environment. */
    static final String CANARY = "s3cr3t";

    static final Map<String, String> ENVIRONMENT = Map.of(
            "KEY", CANARY + "-of-the-environment", "SHORT", CANARY, "BLANKS", CANARY + " with blanks", "EMPTY", "");

    private static final String DEPLOYMENTS = "deployments: { ok: { upstreams: [ { url: http://h } ] } }\n";

    static List<ProblemCase> all() throws IOException {
        List<ProblemCase> cases = new ArrayList<>();
        String file = Files.readString(Path.of("src/test/resources/headgate/conf/problems.txt"));
        for (String block : file.strip().substring("==== ".length()).split("\n==== ", -1)) {
            List<String> lines = Arrays.asList(block.split("\n", -1));
            String yaml = String.join(
                    "\n",
                    lines.stream()
                            .skip(1)
                            .filter(line -> !line.startsWith("=> "))
                            .toList());
            List<String> problems = lines.stream()
                    .filter(line -> line.startsWith("=> "))
                    .map(line -> line.substring("=> ".length()))
                    .toList();
            cases.add(new ProblemCase(lines.get(0), yaml + "\n", problems));
        }
        return cases;
    }

    /** The case as the text of a file. */
    String text() {
        return yaml.replace("\nOK\n", "\n" + DEPLOYMENTS);
    }

    static List<String> problems(String text, Path directory) {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> ConfigLoader.load(text, directory.resolve("headgate.yaml"), ENVIRONMENT));
        return refused == null
                ? List.of()
                : refused.problems().stream()
                        .map(line -> line.replace(directory + "/", ""))
                        .toList();
    }

    /** The files that cases refer to. */
    static void prepare(Path directory) throws IOException {
        Files.writeString(directory.resolve("cert.pem"), "certificate");
        Files.writeString(directory.resolve("key.pem"), "key");
        Files.writeString(directory.resolve("empty.txt"), "\n");
        Files.writeString(directory.resolve("large.txt"), "x".repeat((64 << 10) + 1));
    }

    @Override
    public String toString() {
        return title;
    }
}
