package headgate.loadtest.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a run was made on, as far as that can be found out: it stands in every report, since figures say little without it. */
final class Machine {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private Machine() {}

    /** Writes it as members of the object that is open. */
    static void write(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("machine");
        json.writeStringField("processor", processor());
        json.writeNumberField("processors", Runtime.getRuntime().availableProcessors());
        json.writeStringField("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        json.writeStringField("java", Runtime.version().toString());
        String version = Machine.class.getPackage().getImplementationVersion();
        json.writeStringField("headgate", version == null ? "" : version);
        json.writeEndObject();
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(PROCESSORS, UTF_8)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException unknown) {
            return System.getProperty("os.arch");
        }
    }
}
