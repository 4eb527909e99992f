package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about keys, as an operator types them. */
class KeyCommandJourneyTest {
    private final Path directory;

    KeyCommandJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void whatKeyNewPrintsLetsTheKeyIn() throws Exception {
        KeyNodes.Said said = KeyNodes.run(
                "key", "new", "team", "--expires", "90d", "--deployments", "*pt,none", "--networks", "127.0.0.0/8");
        String yaml = said.out().substring(said.out().indexOf("keys:"));
        assertThat(yaml).doesNotContain(said.key());
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                TestGateway gateway = TestGateway.start("listen: 127.0.0.1:0\naccessLog: off\n" + yaml
                        + "deployments: { gpt: { upstreams: [{ url: \"" + upstream.url() + "\" }] } }")) {
            assertThat(KeyNodes.ask(gateway, said.key()).status()).isEqualTo(200);
            assertThat(KeyNodes.ask(gateway, said.key() + "x").status()).isEqualTo(401);
        }
    }

    @Test
    void whatAKeyCannotBeIsSaidAsOfTheFile() {
        KeyNodes.Said said = KeyNodes.run("key", "new", "team", "--networks", "10.0.0.1/8", "--surfaces", "v2");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.errors())
                .contains("headgate: team.surfaces[0]: \"v2\": expected models, openai or v1")
                .contains("headgate: team.networks[0]: \"10.0.0.1/8\": expected a network such as");
        assertThat(KeyNodes.run("key", "new").code()).as("wrong usage").isEqualTo(2);
    }

    @Test
    void keysInRedisNeedARedis() throws Exception {
        Path file = Files.writeString(
                directory.resolve("memory.yaml"), "deployments: { d: { upstreams: [{ url: http://h }] } }");
        KeyNodes.Said said = KeyNodes.run("key", "add", "team", file.toString());
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.errors()).contains("state is memory");
    }

    @Test
    void mistakesChangeNothing() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 0, "{}")) {
            nodes.key("add", "team", "--expires", "2030-01-31", "--surfaces", "v1")
                    .key();
            assertThat(nodes.key("add", "Team").errors()).contains("there is a key team already");
            assertThat(nodes.key("rotate", "nobody").errors()).contains("there is no key nobody in Redis");
            assertThat(nodes.key("revoke", "team", "--secret", "xyz").errors()).contains("has no secret xyz");
            assertThat(nodes.key("list", "").out())
                    .contains("  \"team\":", "expires: \"2030-02-01T00:00:00Z\"", "surfaces: [\"v1\"]");
            nodes.redis.stop();
            KeyNodes.Said said = nodes.key("list", "");
            assertThat(said.code()).isEqualTo(1);
            assertThat(said.errors()).contains("Redis does not answer");
        }
    }
}
