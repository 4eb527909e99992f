package headgate.conf;

import headgate.conf.yaml.KnownKey;
import headgate.conf.yaml.Reading;
import headgate.conf.yaml.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** The example that is shipped, as a source of what there is to be set. */
final class ShippedExample {
    static final Path FILE = Path.of("headgate.yaml");

    static final Map<String, String> ENVIRONMENT = Map.ofEntries(
            Map.entry("HEADGATE_PARTNER_KEY", "partner-secret"),
            Map.entry("HEADGATE_CHAT_APP_KEY", "chat-app-secret"),
            Map.entry("HEADGATE_JOBS_KEY", "jobs-secret"),
            Map.entry("HEADGATE_JOBS_KEY_NEXT", "next-jobs-secret"),
            Map.entry("AZURE_EAST_KEY", "azure-key"),
            Map.entry("ENTRA_CLIENT_SECRET", "entra-secret"),
            Map.entry("SPARE_KEY", "spare-key"),
            Map.entry("CONTENT_SAFETY_KEY", "safety-key"),
            Map.entry("OTEL_AUTHORIZATION", "Bearer otel-key"),
            Map.entry("IDENTITY_HEADER", "identity-header"),
            Map.entry("OPENAI_API_KEY", "openai-key"),
            Map.entry("MISTRAL_API_KEY", "mistral-key"),
            Map.entry("HEADGATE_ADMIN_TOKEN", "token-of-the-operators"),
            Map.entry("REDIS_PASSWORD", "redis-password"),
            Map.entry("HEADGATE_DEMO_PROVIDER", "http://127.0.0.1:9191"));

    private static final Pattern SWITCHED_OFF = Pattern.compile("(?m)^( *)# ((?:- )?\\w+:( .*)?)$");

    private ShippedExample() {}

    /** Its text with everything switched on, and its alternatives in place of what they are alternatives to. */
    static String everythingOn() throws IOException {
        String text =
                Files.readString(FILE).replace("\naccessLog: stdout\n", "\n").replace("\nstate: memory\n", "\n");
        return SWITCHED_OFF.matcher(text).replaceAll("$1$2");
    }

    /** Every key that the readers ask for. */
    static Collection<KnownKey> knownKeys() throws IOException {
        Reading reading = new Reading(FILE, ENVIRONMENT);
        Section root = Objects.requireNonNull(reading.open(everythingOn()));
        new GatewayReader(reading.directory()).read(root);
        return reading.known();
    }
}
