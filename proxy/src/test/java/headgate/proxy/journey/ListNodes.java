package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.conf.ConfigException;
import headgate.conf.ConfigLoader;
import headgate.testing.RedisServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Several gateways that share a blocklist by one Redis, and the commands that change it. */
final class ListNodes implements AutoCloseable {
    static final String WRITTEN = "words: { shared: true, items: [infile] }";

    final RedisServer redis = new RedisServer();
    final ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
    final List<TestGateway> gateways = new ArrayList<>();
    final Path file;

    ListNodes(Path directory, int nodes) throws IOException {
        file = Files.writeString(directory.resolve("nodes.yaml"), yaml(WRITTEN));
        for (int i = 0; i < nodes; i++) {
            start();
        }
    }

    /** The configuration; {@code lists} is what it says of blocklists, the first of which is in use. */
    String yaml(String lists) {
        return """
                listen: 127.0.0.1:0
                accessLog: off
                admin: { listen: "127.0.0.1:0" }
                keys: { caller: %s }
                state: "%s"
                contentFilter: strict
                blocklists:
                  %s
                  alone: { items: [x] }
                contentFilters: { strict: { customBlocklists: [{ blocklistName: words, source: Prompt }] } }
                deployments: { gpt: { upstreams: [{ url: "%s" }] } }
                """.formatted(TestGateway.KEY, redis.url(), lists, upstream.url());
    }

    /** Starts one more. */
    TestGateway start() throws IOException {
        TestGateway gateway = TestGateway.start(Files.readString(file));
        gateways.add(gateway);
        return gateway;
    }

    /** Has a gateway go on with what this says of blocklists. */
    void reload(TestGateway gateway, String lists) throws IOException, ConfigException {
        gateway.server().reloadable().replace(ConfigLoader.load(yaml(lists), file, Map.of()));
    }

    /** Runs {@code headgate blocklist …}; the configuration stands at the end. */
    KeyNodes.Said blocklist(String... arguments) {
        List<String> all = new ArrayList<>(List.of("blocklist"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--config", file.toString()));
        return KeyNodes.run(all.toArray(String[]::new));
    }

    /** The same, which must succeed; what it printed. */
    String done(String... arguments) {
        KeyNodes.Said said = blocklist(arguments);
        assertThat(said.code()).as(said.errors()).isZero();
        return said.out();
    }

    /** The same, with this on standard input. */
    KeyNodes.Said blocklistOf(String input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return blocklist(arguments);
        } finally {
            System.setIn(before);
        }
    }

    /** What a prompt with this text is answered: 200, or 400 where it is forbidden. */
    static int status(TestGateway gateway, String text) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.chat("{\"model\":\"gpt\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}")
                    .read()
                    .status();
        }
    }

    /** What this gateway says of its readiness. */
    static String readiness(TestGateway gateway) throws IOException {
        int port = Objects.requireNonNull(gateway.server().adminAddress()).getPort();
        try (RawCaller operator = new RawCaller(port)) {
            return operator.send(AdminGateway.request("GET", "/readyz", "127.0.0.1:" + port))
                    .read()
                    .body();
        }
    }

    /** Waits until all gateways answer this text so. */
    void awaitStatus(String text, int status) {
        for (TestGateway gateway : gateways) {
            await().until(() -> status(gateway, text), answered -> answered == status);
        }
    }

    @Override
    public void close() throws IOException {
        gateways.forEach(TestGateway::close);
        redis.close();
        upstream.close();
    }
}
