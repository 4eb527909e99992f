package headgate.conf;

import headgate.conf.yaml.KnownKey;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The reference of the configuration as a document: what the readers take, joined with what the example says about it. */
final class ConfigurationReference {
    private static final String HEAD = """
            # Configuration reference

            Made by `mvn test -pl conf -am`, from what the program itself asks its configuration for; not to be changed by hand. The
            same as a file that can be run, with an example of each key: [conf/headgate.yaml](../conf/headgate.yaml).

            - `NAME` stands for a name that you choose, `[]` for each item of a list.
            - A duration is written `500ms`, `10s`, `5m` or `1h`; a size `512B`, `64KiB`, `1MiB` or `1GiB`. Neither is taken without its unit, but
              for plain bytes.
            - `${VARIABLE}` takes a value from the environment, `${file:PATH}` from a file, without the newline at its end; `$${` is a plain `${`.
              Relative paths begin at the directory of the configuration.
            - A key that is not known, a value that does not fit, a variable that is not set: each is an error with its line, and
              `./headgate check FILE` tells all of them. Nothing is taken of a file with an error.
            - What is empty under *default* is switched off, or as the last column says.
            """;

    private static final Pattern PART = Pattern.compile("(?m)^# -{4} (.*?) -+$");

    /** The bounds and the default have columns of their own. */
    private static final Pattern SAID_ELSEWHERE = Pattern.compile(
            " ?Default [^ ].*$|: true or false(?=\\.)|(?:(?<=\\. )|^)From \\S+ to [^ ]+?\\. ?(?=[A-Z]|$)|[;,] from \\S+ to [^ ,;]+?(?=[.;,](?: |$))");

    private static final Pattern UNITS = Pattern.compile("(a (?:duration|size) .*), such as .*");

    private ConfigurationReference() {}

    static String text() throws IOException {
        Map<String, KnownKey> keys =
                ShippedExample.knownKeys().stream().collect(Collectors.toMap(KnownKey::pattern, Function.identity()));
        StringBuilder document = new StringBuilder(HEAD);
        String example = ShippedExample.everythingOn();
        Matcher part = PART.matcher(example);
        boolean more = part.find();
        while (more) {
            document.append("\n## ")
                    .append(part.group(1))
                    .append("\n\n| key | takes | default | |\n|---|---|---|---|\n");
            int begin = part.end();
            more = part.find();
            String text = example.substring(begin, more ? part.start() : example.length());
            CommentedKeys.of(text)
                    .forEach((pattern, comment) ->
                            row(document, Objects.requireNonNull(keys.get(pattern), pattern), comment));
        }
        return document.toString();
    }

    private static void row(StringBuilder document, KnownKey key, String comment) {
        String says = SAID_ELSEWHERE.matcher(comment).replaceAll("").strip();
        if (says.isEmpty() && key.pattern().endsWith(".NAME")) {
            return; // What stands above says what the names are of.
        }
        String takes = UNITS.matcher(key.expected()).replaceAll("$1");
        String otherwise = key.otherwise();
        boolean literal = !otherwise.isEmpty() && !otherwise.equals("required") && !otherwise.startsWith("the ");
        document.append("| `%s` | %s | %s | %s |\n"
                .formatted(key.pattern(), cell(takes), literal ? "`" + otherwise + "`" : otherwise, cell(says)));
    }

    /** As Markdown reads it as text: code stays as it is. */
    private static String cell(String text) {
        String[] parts = text.replace("|", "\\|").split("`", -1);
        for (int i = 0; i < parts.length; i += 2) {
            parts[i] = parts[i].replace("*", "\\*");
        }
        return String.join("`", parts);
    }
}
