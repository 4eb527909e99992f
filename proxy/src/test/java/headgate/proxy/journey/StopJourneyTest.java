package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM: nobody new, those who are there may finish up to the deadline, and the exit is a success. */
class StopJourneyTest {
    @Test
    void anIdleGatewayEndsAtOnce(@TempDir Path directory) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                ChildGateway gateway = start(directory, upstream, "30s");
                RawCaller caller = new RawCaller(gateway.port())) {
            assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
            gateway.terminate();
            assertThat(gateway.awaitEnd()).isZero();
            assertThat(caller.readHead()).as("the idle connection was closed").isEmpty();
        }
    }

    @Test
    void anOpenStreamFinishesWhileNobodyNewIsLetIn(@TempDir Path directory) throws Exception {
        Semaphore go = new Semaphore(0);
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    call.beginEvents();
                    call.chunk("data: 1\n\n");
                    go.acquire();
                    call.chunk("data: 2\n\n");
                    call.endChunks();
                });
                ChildGateway gateway = start(directory, upstream, "30s");
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.chat(BODY).readHead();
            assertThat(caller.readChunk()).isEqualTo("data: 1\n\n");
            gateway.terminate();
            await().until(() -> refuses(gateway.port()));
            assertThat(gateway.running()).isTrue();
            go.release();
            assertThat(caller.readChunk()).isEqualTo("data: 2\n\n");
            assertThat(caller.readChunk()).isEmpty();
            assertThat(caller.closedWithin(20_000))
                    .as("the connection ends with its exchange")
                    .isTrue();
            assertThat(gateway.awaitEnd()).isZero();
        }
    }

    @Test
    void whatIsLeftAtTheDeadlineIsCut(@TempDir Path directory) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    call.beginEvents();
                    call.chunk("data: 1\n\n");
                    call.awaitClosed(20_000);
                });
                ChildGateway gateway = start(directory, upstream, "500ms");
                RawCaller caller = new RawCaller(gateway.port())) {
            caller.chat(BODY).readHead();
            caller.readChunk();
            gateway.terminate();
            assertThatThrownBy(caller::readChunk).as("visibly incomplete").isInstanceOf(IOException.class);
            assertThat(gateway.awaitEnd()).isZero();
            assertThat(upstream.awaitAllClosed()).isTrue();
        }
    }

    private static ChildGateway start(Path directory, ScriptedUpstream upstream, String drain) throws IOException {
        return new ChildGateway(directory, """
                listen: 127.0.0.1:0
                drain: %s
                keys: { caller: %s }
                deployments:
                  gpt: { upstreams: [{ url: "%s" }] }
                """.formatted(drain, TestGateway.KEY, upstream.url()));
    }

    private static boolean refuses(int port) {
        try (RawCaller caller = new RawCaller(port)) {
            return caller.closedWithin(1_000);
        } catch (IOException e) {
            return true;
        }
    }
}
