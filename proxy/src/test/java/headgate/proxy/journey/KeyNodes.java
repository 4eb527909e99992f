package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.proxy.Headgate;
import headgate.testing.RedisServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Several gateways that share the keys of one Redis, and the commands that change them; the gateways' minute never ends. */
final class KeyNodes implements AutoCloseable {
    /** What a command said. */
    record Said(int code, String out, String errors) {
        /** The key that was printed. */
        String key() {
            assertThat(code).as(errors).isZero();
            return out.lines()
                    .filter(line -> line.startsWith("hg_"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    final RedisServer redis = new RedisServer();
    final ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
    final List<TestGateway> gateways = new ArrayList<>();
    final Path file;

    /** Starts them; {@code identity} is the section in flow style. */
    KeyNodes(Path directory, int nodes, String identity) throws IOException {
        this(directory, nodes, identity, "5s");
    }

    /** The same, with the time that Redis has for an answer. */
    KeyNodes(Path directory, int nodes, String identity, String deadline) throws IOException {
        String yaml = """
                listen: 127.0.0.1:0
                accessLog: off
                keys: { caller: %s }
                identity: %s
                state: { redis: "%s", deadline: DEADLINE }
                deployments:
                  gpt: { upstreams: [{ url: "%3$s" }] }
                  other: { upstreams: [{ url: "%3$s" }] }
                """.formatted(TestGateway.KEY, identity, redis.url())
                .replace(redis.url() + "\" }] }", upstream.url() + "\" }] }")
                .replace("DEADLINE", deadline);
        file = Files.writeString(directory.resolve("nodes.yaml"), yaml);
        for (int i = 0; i < nodes; i++) {
            gateways.add(TestGateway.start(yaml, () -> 0));
        }
    }

    /** Runs {@code headgate key …}; the configuration's file stands behind the name. */
    Said key(String command, String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of("key", command));
        if (!name.isEmpty()) {
            arguments.add(name);
        }
        arguments.add(file.toString());
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    static Said run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int code = new CommandLine(new Headgate())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
        return new Said(code, out.toString(), errors.toString());
    }

    /** The status that a node answers to a chat with this key. */
    int status(int node, String key) throws IOException {
        return ask(gateways.get(node), key).status();
    }

    /** What a gateway answers to a chat with this key. */
    static RawCaller.Answer ask(TestGateway gateway, String key) throws IOException {
        return ask(gateway, key, "POST /openai/v1/chat/completions", "gpt");
    }

    RawCaller.Answer ask(int node, String key, String methodAndPath, String model) throws IOException {
        return ask(gateways.get(node), key, methodAndPath, model);
    }

    private static RawCaller.Answer ask(TestGateway gateway, String key, String methodAndPath, String model)
            throws IOException {
        String body = methodAndPath.startsWith("GET") ? "" : "{\"model\":\"" + model + "\",\"messages\":[]}";
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(methodAndPath + " HTTP/1.1\r\nhost: g\r\napi-key: " + key
                    + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
            return caller.read();
        }
    }

    @Override
    public void close() throws IOException {
        gateways.forEach(TestGateway::close);
        redis.close();
        upstream.close();
    }
}
