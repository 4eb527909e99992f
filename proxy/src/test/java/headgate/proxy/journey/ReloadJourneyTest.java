package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.proxy.reload.ReloadOutcome;
import headgate.proxy.reload.ReloadOutcome.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new configuration: in force as a whole, for those who come, while those who are there go on with theirs. */
class ReloadJourneyTest {
    private final Path directory;

    ReloadJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void whatBeginsAfterAReloadSeesTheNewConfiguration() throws Exception {
        try (ScriptedUpstream one = answering("one");
                ScriptedUpstream two = answering("two");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(one));
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().body()).isEqualTo("one");
            ReloadOutcome outcome = gateway.reload(gpt(two));
            assertThat(outcome.problems()).isEmpty();
            assertThat(outcome.applied()).isTrue();
            assertThat(caller.chat(BODY).read().body())
                    .as("on the same connection")
                    .isEqualTo("two");
            assertThat(gateway.reload("keys: { other: another-key-of-a-caller }\n" + gpt(two))
                            .applied())
                    .isTrue();
            assertThat(caller.chat(BODY).read().status()).isEqualTo(401);
            assertThat(gateway.server.reloads().applied()).isEqualTo(2);
        }
    }

    @Test
    void aDeploymentIsPausedAndGoesOnByAReload() throws Exception {
        try (ScriptedUpstream one = answering("one");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(one));
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(gateway.reload(gpt(one).replace("{ upstreams", "{ paused: true, upstreams"))
                            .problems())
                    .isEmpty();
            RawCaller.Answer paused = caller.chat(BODY).read();
            assertThat(paused.status()).isEqualTo(423);
            assertThat(paused.body()).contains("\"code\":\"DeploymentPaused\"");
            assertThat(paused.field("x-ms-error-code")).isEqualTo("DeploymentPaused");
            gateway.reload(gpt(one));
            assertThat(caller.chat(BODY).read().body()).isEqualTo("one");
        }
    }

    @Test
    void anOpenExchangeKeepsItsConfigurationAndItsConnectionUntilItEnds() throws Exception {
        Semaphore go = new Semaphore(0);
        try (ScriptedUpstream removed = ScriptedUpstream.start((request, call) -> {
                    call.beginEvents();
                    call.chunk("data: 1\n\n");
                    go.acquire();
                    call.chunk("data: 2\n\n");
                    call.endChunks();
                });
                ScriptedUpstream two = answering("two");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(removed));
                RawCaller streaming = new RawCaller(gateway.port());
                RawCaller caller = new RawCaller(gateway.port())) {
            streaming.chat(BODY).readHead();
            assertThat(streaming.readChunk()).isEqualTo("data: 1\n\n");
            assertThat(gateway.reload(gpt(two)).applied()).isTrue();
            assertThat(caller.chat(BODY).read().body()).isEqualTo("two");
            go.release();
            assertThat(streaming.readChunk()).isEqualTo("data: 2\n\n");
            assertThat(streaming.readChunk()).as("whole").isEmpty();
            assertThat(removed.awaitAllClosed())
                    .as("what served it is not kept")
                    .isTrue();
            assertThat(streaming.chat(BODY).read().body()).isEqualTo("two");
        }
    }

    @Test
    void aBodyThatIsStillComingMeetsTheConfigurationOfItsHead() throws Exception {
        try (ScriptedUpstream one = answering("one");
                ScriptedUpstream two = answering("two");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(one));
                RawCaller caller = new RawCaller(gateway.port())) {
            String request = RawCaller.chatRequest(BODY);
            int half = request.length() - BODY.length() + 3;
            caller.send(request.substring(0, half));
            RawCaller marker = new RawCaller(gateway.port());
            assertThat(marker.chat(BODY).read().body())
                    .as("the head has been read by now")
                    .isEqualTo("one");
            Thread.sleep(100);
            assertThat(gateway.reload(gpt(two).replace("gpt:", "other:")).applied())
                    .isTrue();
            caller.send(request.substring(half));
            assertThat(caller.read().body())
                    .as("its deployment is gone for those who come now")
                    .isEqualTo("one");
            assertThat(marker.chat(BODY).read().status()).isEqualTo(404);
            marker.close();
        }
    }

    @Test
    void idleConnectionsOfARemovedUpstreamCloseAndThoseOfOthersStay() throws Exception {
        try (ScriptedUpstream stays = answering("stays");
                ScriptedUpstream goes = answering("goes");
                ReloadedGateway gateway = new ReloadedGateway(
                        directory,
                        "transport: { eventLoops: 1 }\n" + gpt(stays) + "  other: { upstreams: [{ url: \"" + goes.url()
                                + "\" }] }\n");
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().body()).isEqualTo("stays");
            assertThat(caller.chat(BODY.replace("gpt", "other")).read().body()).isEqualTo("goes");
            for (int i = 0; i < 3; i++) {
                String timeouts = "transport: { eventLoops: 1 }\n"
                        + gpt(stays).replace("{ upstreams", "{ timeouts: { total: 1" + i + "m }, upstreams");
                assertThat(gateway.reload(timeouts).problems()).isEmpty();
                assertThat(caller.chat(BODY).read().body()).isEqualTo("stays");
            }
            assertThat(goes.awaitAllClosed()).isTrue();
            assertThat(stays.connections()).as("the same one all the time").isEqualTo(1);
        }
    }

    @Test
    void anUpstreamThatCoolsDownGoesOnCoolingDown() throws Exception {
        try (ScriptedUpstream tired = ScriptedUpstream.start((request, call) ->
                        call.send("HTTP/1.1 429 Too Many\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n"));
                ScriptedUpstream other = answering("other");
                ReloadedGateway gateway = new ReloadedGateway(directory, two(tired, other, 2));
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().body()).isEqualTo("other");
            assertThat(gateway.reload(two(tired, other, 3)).applied()).isTrue();
            assertThat(caller.chat(BODY).read().body()).isEqualTo("other");
            assertThat(tired.waiting()).as("asked once, before the reload").isEqualTo(1);
        }
    }

    @Test
    void whatWasUsedOfALimitStillCountsWhenTheLimitChanges() throws Exception {
        try (ScriptedUpstream one = answering("one");
                ReloadedGateway gateway = new ReloadedGateway(directory, limited(one, 2));
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
            assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
            assertThat(caller.chat(BODY).read().status()).isEqualTo(429);
            assertThat(gateway.reload(limited(one, 3)).applied()).isTrue();
            assertThat(caller.chat(BODY).read().status()).as("one more").isEqualTo(200);
            assertThat(caller.chat(BODY).read().status()).isEqualTo(429);
        }
    }

    @Test
    void theBudgetForRetriesGoesOn() throws Exception {
        try (ScriptedUpstream bad = ScriptedUpstream.start((request, call) -> call.json(500, "bad"));
                ScriptedUpstream good = answering("good");
                ReloadedGateway gateway = new ReloadedGateway(directory, budgeted(bad, good, 50));
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().body()).as("half a retry").isEqualTo("bad");
            assertThat(gateway.reload(budgeted(bad, good, 51)).problems()).isEmpty();
            assertThat(caller.chat(BODY).read().body()).as("a whole one").isEqualTo("good");
            assertThat(gateway.reload(budgeted(bad, good, 50)).problems()).isEmpty();
            assertThat(caller.chat(BODY).read().body()).as("it is spent").isEqualTo("bad");
        }
    }

    @Test
    void boundsOnWhatIsAskedHoldForTheNextExchange() throws Exception {
        try (ScriptedUpstream one = answering("one");
                ReloadedGateway gateway = new ReloadedGateway(directory, gpt(one));
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
            assertThat(gateway.reload("limits: { bodyBytes: 8B, jsonDepth: 2 }\n" + gpt(one))
                            .problems())
                    .isEmpty();
            assertThat(caller.chat(BODY).read().status()).isEqualTo(413);
        }
    }

    @Test
    void aChangedFileIsTakenUpByItselfAndSoIsASecretsFile() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "the-first-key-of-all");
        String keys = "reloadTime: 20ms\nkeys: { caller: \"${file:secret}\" }\n";
        try (ScriptedUpstream one = answering("one");
                ScriptedUpstream two = answering("two");
                ReloadedGateway gateway = new ReloadedGateway(directory, keys + gpt(one))) {
            assertThat(ask(gateway, "the-first-key-of-all")).isEqualTo("one");
            gateway.write(keys + gpt(two));
            await().until(() -> ask(gateway, "the-first-key-of-all").equals("two"));
            Path next = Files.writeString(directory.resolve("next"), "the-second-key-of-all");
            Files.move(next, secret, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            await().until(() -> ask(gateway, "the-second-key-of-all").equals("two"));
            Files.delete(secret);
            await().until(() -> gateway.server.reloads().refused() == 1);
            Files.writeString(secret, "the-third-key-of-all");
            await().until(() -> ask(gateway, "the-third-key-of-all").equals("two"));
            assertThat(gateway.server.reloads().last())
                    .allMatch(outcome -> outcome.cause() == Cause.FILES)
                    .hasSize(4);
        }
    }

    private static String ask(ReloadedGateway gateway, String key) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.send(RawCaller.chatRequest(BODY).replace(TestGateway.KEY, key))
                    .read()
                    .body();
        }
    }

    static ScriptedUpstream answering(String body) throws IOException {
        return ScriptedUpstream.start((request, call) -> call.json(200, body));
    }

    static String gpt(ScriptedUpstream upstream) {
        return "deployments:\n  gpt: { upstreams: [{ url: \"" + upstream.url() + "\" }] }\n";
    }

    private static String two(ScriptedUpstream first, ScriptedUpstream second, int weight) {
        return "deployments: { gpt: { upstreams: [{ url: \"" + first.url() + "\", weight: " + weight + " }, { url: \""
                + second.url() + "\", priority: " + weight + " }] } }\n";
    }

    private static String limited(ScriptedUpstream upstream, int requests) {
        return gpt(upstream).replace("{ upstreams", "{ rateLimit: { requestsPerMinute: " + requests + " }, upstreams");
    }

    private static String budgeted(ScriptedUpstream first, ScriptedUpstream second, int percent) {
        return two(first, second, 2)
                .replace(
                        "{ upstreams", "{ retry: { budgetPercent: " + percent + ", budgetMinPerSecond: 0 }, upstreams");
    }
}
