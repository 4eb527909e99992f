package headgate.loadtest;

import headgate.loadtest.calls.Target;
import headgate.loadtest.measure.ProcessWatch;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;

/** What every command that makes calls takes: a scenario, each of whose keys is an option too, and a target. */
final class RunOptions {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SCENARIO",
            description = "A file, or the name of one in loadtest/scenarios; without one, the keys' defaults.")
    private @Nullable String scenario;

    @Option(names = "--target", defaultValue = "", paramLabel = "URL", description = "What to call: http or https.")
    private String target = "";

    @Option(names = "--key", defaultValue = "", paramLabel = "KEY", description = "Sent as api-key.")
    private String key = "";

    @Option(names = "--insecure", description = "Trust any certificate.")
    private boolean insecure;

    @Option(
            names = "--pid",
            defaultValue = "0",
            description = "A process of this machine to sample, with its children.")
    private long pid;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the reports go; without it, only the terminal.")
    private @Nullable Path out;

    /** Gives a command an option for each key. */
    static void addKeys(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        for (Key each : Key.values()) {
            spec.addOption(OptionSpec.builder("--" + each.word())
                    .type(String.class)
                    .paramLabel(each.label())
                    .description(each.meaning() + (each.standard().isEmpty() ? "" : " Default: " + each.standard()))
                    .build());
        }
    }

    /**
     * The scenario with what the command line says otherwise.
     *
     * @throws IllegalArgumentException if it is wrong, with a message for the reader
     */
    Scenario scenario(CommandSpec spec) throws IOException {
        Map<Key, String> overriding = new EnumMap<>(Key.class);
        ParseResult parsed = spec.commandLine().getParseResult();
        for (Key each : Key.values()) {
            String value = parsed.matchedOptionValue("--" + each.word(), null);
            if (value != null) {
                overriding.put(each, value);
            }
        }
        return (scenario == null ? Scenario.standard() : Scenario.read(file(scenario))).with(overriding);
    }

    /** Fails as {@link #scenario} does if no target was named, or none that can be called. */
    Target target() {
        // The command line does not require it, since compare, which stands below the command, has none.
        if (target.isEmpty()) {
            throw new IllegalArgumentException("--target is missing: what is to be called?");
        }
        return other(target);
    }

    /** Another target, called with the same key and trust. */
    Target other(String url) {
        return Target.of(url, key, insecure);
    }

    ProcessWatch watch() {
        return new ProcessWatch(pid);
    }

    @Nullable
    Path out() {
        return out;
    }

    /** The command as it was given, but for the key, which is nobody's business. */
    static String command(CommandSpec spec) {
        StringBuilder command = new StringBuilder("headgate " + spec.qualifiedName());
        List<String> arguments = spec.commandLine().getParseResult().originalArgs();
        for (int at = 0; at < arguments.size(); at++) {
            String argument = arguments.get(at);
            boolean secret = at > 0 && arguments.get(at - 1).equals("--key");
            command.append(' ').append(secret ? "KEY" : argument.startsWith("--key=") ? "--key=KEY" : argument);
        }
        return command.toString();
    }

    private static Path file(String name) {
        Path given = Path.of(name);
        Path shipped = Path.of(System.getProperty("headgate.home", "."), "loadtest", "scenarios", name + ".yaml");
        return Files.exists(given) || !Files.exists(shipped) ? given : shipped;
    }
}
