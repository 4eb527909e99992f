package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.ConfigLoader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what the document says, line by line: the configuration it has one write, the commands it has one type. */
class GettingStartedJourneyTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "getting-started.md");
    private static final Pattern TOP_LEVEL = Pattern.compile("(?m)^(?=\\w)");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> parts = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private String key = "";
    private String hash = "";
    private @Nullable ChildGateway gateway;
    private boolean secondIsThere;

    GettingStartedJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void theDocumentWorksAsItStands() throws Exception {
        try (ScriptedUpstream mistral =
                        ScriptedUpstream.start((request, call) -> call.json(secondIsThere ? 503 : 200, "{}"));
                ScriptedUpstream azure = ScriptedUpstream.start((request, call) -> call.json(200, "{}"))) {
            for (DocumentBlock block : DocumentBlock.of(DOCUMENT)) {
                switch (block.language()) {
                    case "yaml" -> write(block.text(), mistral.url(), azure.url());
                    case "sh" -> {
                        for (TypedCommand command : TypedCommand.of(block.text(), environment)) {
                            type(command);
                        }
                    }
                    // How it is installed, and a program in another language: both are tried by hand.
                    default -> assertThat(block.language()).isIn("console", "python");
                }
            }
            assertThat(mistral.next().field("authorization")).isEqualTo("Bearer the-key-of-your-provider");
            ScriptedUpstream.Request spilled = azure.next();
            assertThat(spilled.field("api-key")).isEqualTo("the-key-of-the-second-provider");
            assertThat(spilled.body()).contains("Mistral-Large-2411");
            assertThat(azure.next().body()).as("the card").contains("Is ******************* mine?");
            assertThat(azure.waiting()).as("what was refused has not come").isZero();
        } finally {
            if (gateway != null) {
                gateway.close();
            }
        }
    }

    /** Puts each part of a block in the place of the one that begins with the same word. */
    private void write(String block, String mistral, String azure) throws Exception {
        for (String part : TOP_LEVEL.splitAsStream(block).toList()) {
            parts.put(part.substring(0, part.indexOf(':')), part);
        }
        String text = String.join("", parts.values())
                .replace("https://api.mistral.ai", mistral)
                .replace("https://NAME.services.ai.azure.com", azure);
        secondIsThere = text.contains(azure);
        text = hash.isEmpty() ? text : HASH.matcher(text).replaceAll(hash);
        Files.writeString(file(), text + "listen: 127.0.0.1:0\nadmin: { listen: \"127.0.0.1:0\" }\n");
    }

    private Path file() {
        return directory.resolve("headgate.yaml");
    }

    private void type(TypedCommand command) throws Exception {
        List<String> words = command.words();
        switch (words.get(0)) {
            case "export" -> export(words.get(1));
            case "echo" -> Files.writeString(directory.resolve(words.get(3)), words.get(1) + "\n");
            case "./headgate" -> headgate(words.subList(1, words.size()));
            case "curl" -> curl(words, command.remark());
            default -> throw new AssertionError("a command that nobody tries: " + words);
        }
    }

    private void export(String assignment) {
        String[] name = assignment.split("=", 2);
        environment.put(name[0], name[1].startsWith("hg_") ? key : name[1]);
    }

    private void headgate(List<String> arguments) throws Exception {
        switch (arguments.get(0)) {
            case "check" ->
                assertThat(ConfigLoader.load(file(), environment).deployments()).isNotEmpty();
            case "run" -> gateway = new ChildGateway(directory, Files.readString(file()), environment);
            default -> {
                KeyNodes.Said said = KeyNodes.run(arguments.toArray(String[]::new));
                key = said.key();
                hash = HASH.matcher(said.out())
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group();
            }
        }
    }

    private void curl(List<String> words, String expected) throws IOException, InterruptedException {
        ChildGateway running = Objects.requireNonNull(gateway);
        HttpRequest.Builder request = HttpRequest.newBuilder();
        for (int i = 1; i < words.size(); i++) {
            switch (words.get(i)) {
                case "-s" -> {}
                case "-X" -> request.method(words.get(++i), BodyPublishers.noBody());
                case "-d" -> request.POST(BodyPublishers.ofString(words.get(++i)));
                case "-H" -> {
                    String[] field = words.get(++i).split(": ", 2);
                    request.header(field[0], field[1]);
                }
                default ->
                    request.uri(URI.create(words.get(i)
                            .replace(":8080", ":" + running.port())
                            .replace(":9090", ":" + running.adminPort())));
            }
        }
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode() + " " + answer.headers().map() + answer.body())
                .as(String.join(" ", words))
                .startsWith(expected.substring(0, 3))
                .contains(expected.split(" ", -1));
    }
}
