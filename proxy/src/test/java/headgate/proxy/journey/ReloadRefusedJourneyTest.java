package headgate.proxy.journey;

import static headgate.proxy.journey.ReloadJourneyTest.answering;
import static headgate.proxy.journey.ReloadJourneyTest.gpt;
import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;

import headgate.proxy.reload.ReloadOutcome;
import headgate.proxy.reload.ReloadOutcome.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that cannot be taken up: refused as a whole, and told, while the one before goes on. */
class ReloadRefusedJourneyTest {
    private final Path directory;

    ReloadRefusedJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aConfigurationWithProblemsIsRefusedAsAWhole() throws Exception {
        try (ScriptedUpstream one = answering("one");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(one));
                RawCaller caller = new RawCaller(gateway.port())) {
            ReloadOutcome outcome = gateway.reload("deployments:\n  other: {}\nlimits: { bodyByte: 1MiB }\n");
            assertThat(outcome.applied()).isFalse();
            assertThat(outcome.problems())
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .contains("headgate.yaml:6:3 deployments.other.upstreams: missing"),
                            second -> assertThat(second).contains("headgate.yaml:7:11 limits.bodyByte: unknown key"));
            assertThat(caller.chat(BODY).read().body()).isEqualTo("one");
            assertThat(gateway.server.reloads().refused()).isEqualTo(1);
            assertThat(gateway.server.reloads().last()).containsExactly(outcome);
        }
    }

    @Test
    void whatOnlyARestartCanChangeIsNamed() throws Exception {
        try (ScriptedUpstream one = answering("one");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(one));
                RawCaller caller = new RawCaller(gateway.port())) {
            ReloadOutcome outcome = gateway.reload(
                    "transport: { eventLoops: 7 }\nrateLimits: { accounts: 5 }\nkeys: { other: another-key-of-one }\n"
                            + gpt(one));
            assertThat(outcome.problems())
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .contains("transport: changed")
                                    .contains("a restart"),
                            second -> assertThat(second).contains("rateLimits.accounts: changed"));
            assertThat(caller.chat(BODY).read().status())
                    .as("nothing of it is in force")
                    .isEqualTo(200);
        }
    }

    @Test
    void aDeploymentThatAPolicyForbidsIsRefusedByReloadCheckAndRun() throws Exception {
        try (ScriptedUpstream one = answering("one");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(one));
                RawCaller caller = new RawCaller(gateway.port())) {
            ReloadOutcome outcome =
                    gateway.reload("policy: [{ name: no-gpt, effect: deny, model: gpt* }]\n" + gpt(one));
            assertThat(outcome.problems())
                    .singleElement()
                    .asString()
                    .contains("headgate.yaml:7:3 deployments.gpt: RequestDisallowedByPolicy")
                    .contains("the policy rule no-gpt");
            assertThat(caller.chat(BODY).read().body()).isEqualTo("one");
            for (String command : new String[] {"check", "run"}) {
                KeyNodes.Said said = KeyNodes.run(command, gateway.file.toString());
                assertThat(said.code()).isEqualTo(1);
                assertThat(said.errors()).contains(outcome.problems().get(0));
            }
        }
    }

    @Test
    void aFileOfAuthoritiesThatCannotBeUsedIsRefused() throws Exception {
        Files.writeString(directory.resolve("ca.pem"), "no certificate");
        try (ScriptedUpstream one = answering("one");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(one));
                RawCaller caller = new RawCaller(gateway.port())) {
            ReloadOutcome outcome = gateway.reload(
                    "deployments: { gpt: { upstreams: [{ url: \"https://127.0.0.1:1\", ca: ca.pem }] } }");
            assertThat(outcome.applied()).isFalse();
            assertThat(outcome.problems()).singleElement().asString().contains("ca.pem");
            assertThat(caller.chat(BODY).read().body()).isEqualTo("one");
        }
    }

    @Test
    void whatCheckFindsInFilesAReloadAndAStartFindToo() throws Exception {
        Files.writeString(directory.resolve("no.pem"), "no certificate");
        String proof = "credentials: { c: { entra: { tenant: t, clientId: c, certificate: no.pem, key: no.pem } } }\n"
                + "deployments: { gpt: { upstreams: [{ url: \"https://127.0.0.1:1\", credential: c }] } }";
        String authority = "deployments: { gpt: { upstreams: [{ url: \"https://127.0.0.1:1\", ca: no.pem }] } }";
        try (ScriptedUpstream one = answering("one");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(one))) {
            for (String broken : new String[] {proof, authority}) {
                ReloadOutcome outcome = gateway.reload(broken);
                assertThat(outcome.applied()).isFalse();
                assertThat(outcome.problems()).singleElement().asString().contains("no.pem");
                for (String command : new String[] {"check", "run"}) {
                    KeyNodes.Said said = KeyNodes.run(command, gateway.file.toString());
                    assertThat(said.code()).isEqualTo(1);
                    assertThat(said.errors().strip())
                            .as(command)
                            .isEqualTo(outcome.problems().get(0));
                }
            }
        }
    }

    @Test
    void theLastTwentyReloadsAreRemembered() throws Exception {
        try (ScriptedUpstream one = answering("one");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(one))) {
            gateway.write("deployments: 5\n");
            for (int i = 0; i < 20; i++) {
                gateway.reload.reload(Cause.COMMAND);
            }
            assertThat(gateway.server.reloads().last()).hasSize(20).noneMatch(ReloadOutcome::applied);
            gateway.reload(gpt(one));
            assertThat(gateway.server.reloads().last())
                    .hasSize(20)
                    .filteredOn(ReloadOutcome::applied)
                    .hasSize(1);
            assertThat(gateway.server.reloads().last().get(0).applied())
                    .as("the latest first")
                    .isTrue();
        }
    }
}
