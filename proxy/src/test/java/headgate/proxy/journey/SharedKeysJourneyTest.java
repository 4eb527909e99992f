package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in Redis: issued, rotated and revoked by commands, on all nodes, without a restart. */
class SharedKeysJourneyTest {
    private final Path directory;

    SharedKeysJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aKeyIsGoodOnAllNodesFromItsIssueToItsRevocation() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 2, "{}")) {
            String key = nodes.key("add", "team").key();
            awaitStatus(nodes, key, 200);
            assertThat(nodes.redis.ask("HGETALL", "headgate:{keys}:records"))
                    .as("only its hash is stored")
                    .contains("sha256 ")
                    .doesNotContain(key);
            AtomicBoolean revoked = new AtomicBoolean();
            List<CompletableFuture<Long>> callers = new ArrayList<>();
            for (int node = 0; node < 2; node++) {
                callers.add(callUntilRefused(nodes, node, key, revoked));
            }
            Thread.sleep(300);
            revoked.set(true);
            long revokedNanos = System.nanoTime();
            assertThat(nodes.key("revoke", "team").out()).isEqualTo("team: no secret is left\n");
            for (CompletableFuture<Long> caller : callers) {
                // The promise is one second from the change; the command that made it takes its time here as well.
                assertThat(Duration.ofNanos(caller.get() - revokedNanos)).isLessThan(Duration.ofSeconds(5));
            }
            assertThat(nodes.key("list", "").out()).isEmpty();
        }
    }

    @Test
    void twoSecretsAreGoodWhileAKeyIsRotatedAndTheOldestGoes() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{}")) {
            String first = nodes.key("add", "team").key();
            String second = nodes.key("rotate", "team").key();
            awaitStatus(nodes, second, 200);
            assertThat(nodes.status(0, first)).isEqualTo(200);
            String third = nodes.key("rotate", "TEAM").key();
            awaitStatus(nodes, first, 401);
            assertThat(nodes.status(0, second)).isEqualTo(200);
            assertThat(nodes.status(0, third)).isEqualTo(200);
            String hash = nodes.key("list", "").out().replaceFirst("(?s).*sha256: \\[\"", "");
            nodes.key("revoke", "team", "--secret", hash.substring(0, 8));
            awaitStatus(nodes, second, 401);
            assertThat(nodes.status(0, third)).isEqualTo(200);
        }
    }

    @Test
    void aKeyIsBoundToDeploymentsSurfacesNetworksAndTime() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{}")) {
            String bounded = nodes.key("add", "bounded", "--deployments", "g*", "--surfaces", "v1,models")
                    .key();
            awaitStatus(nodes, bounded, 200);
            RawCaller.Answer other = nodes.ask(0, bounded, "POST /openai/v1/chat/completions", "other");
            assertThat(other.status()).isEqualTo(401);
            assertThat(other.body())
                    .contains("\"code\":\"PermissionDenied\"", "Principal does not have access to API/Operation.");
            assertThat(nodes.ask(0, bounded, "GET /openai/v1/models", "").body())
                    .contains("\"gpt\"")
                    .doesNotContain("\"other\"");
            assertThat(nodes.ask(0, bounded, "GET /openai/v1/models/other", "").field("x-ms-error-code"))
                    .isEqualTo("PermissionDenied");
            String path = "POST /openai/deployments/gpt/chat/completions?api-version=2024-10-21";
            assertThat(nodes.ask(0, bounded, path, "").field("x-ms-error-code")).isEqualTo("PermissionDenied");
            String near = nodes.key("add", "near", "--networks", "127.0.0.0/8").key();
            String far = nodes.key("add", "far", "--networks", "10.0.0.0/8,::1").key();
            String past = nodes.key("add", "past", "--expires", "2020-01-31").key();
            awaitStatus(nodes, near, 200);
            assertThat(nodes.status(0, far)).isEqualTo(401);
            assertThat(nodes.status(0, past)).isEqualTo(401);
        }
    }

    @Test
    void manyWhoShowTheSameKeyAtOnceCostOneQuestion() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{}")) {
            String key = nodes.key("add", "team").key();
            nodes.redis.ask("CONFIG", "RESETSTAT");
            List<CompletableFuture<Integer>> callers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                CompletableFuture<Integer> answered = new CompletableFuture<>();
                callers.add(answered);
                Thread caller = new Thread(() -> {
                    try {
                        answered.complete(nodes.status(0, key));
                    } catch (Exception e) {
                        answered.completeExceptionally(e);
                    }
                });
                caller.start();
            }
            for (CompletableFuture<Integer> caller : callers) {
                assertThat(caller.get()).isEqualTo(200);
            }
            // A question is two of these. One more may be asked by who looked just before the answer and asked just
            // after.
            assertThat(nodes.redis.calls("hget")).isBetween(2L, 4L);
        }
    }

    @Test
    void noMoreKeysAreRememberedThanItWasSaid() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{ rememberedKeys: 2 }")) {
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                keys.add(nodes.key("add", "team-" + i).key());
            }
            for (String key : keys) {
                awaitStatus(nodes, key, 200);
            }
            nodes.redis.stop();
            long known = 0;
            for (String key : keys) {
                known += nodes.status(0, key) == 200 ? 1 : 0;
            }
            assertThat(known).as("the others cannot be asked for").isEqualTo(2);
        }
    }

    @Test
    void aKeyEndsInTime() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{}")) {
            String end = Instant.now().plusSeconds(3).toString();
            String key = nodes.key("add", "short", "--expires", end).key();
            awaitStatus(nodes, key, 200);
            awaitStatus(nodes, key, 401);
        }
    }

    @Test
    void keysCanBeSwitchedOff() throws Exception {
        try (KeyNodes nodes = new KeyNodes(directory, 1, "{ disableLocalAuth: true }")) {
            RawCaller.Answer answer = nodes.ask(0, TestGateway.KEY, "GET /openai/v1/models", "");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.field("x-ms-error-code")).isEqualTo("AuthenticationTypeDisabled");
        }
    }

    private static CompletableFuture<Long> callUntilRefused(
            KeyNodes nodes, int node, String key, AtomicBoolean revoked) {
        CompletableFuture<Long> refused = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                while (nodes.status(node, key) == 200) {
                    Thread.sleep(5);
                }
                assertThat(revoked.get()).as("not refused before").isTrue();
                refused.complete(System.nanoTime());
            } catch (Exception | AssertionError e) {
                refused.completeExceptionally(e);
            }
        });
        caller.start();
        return refused;
    }

    private static void awaitStatus(KeyNodes nodes, String key, int status) {
        for (int i = 0; i < nodes.gateways.size(); i++) {
            int node = i;
            await().until(() -> nodes.status(node, key), answered -> answered == status);
        }
    }
}
