package headgate.proxy.journey;

import static headgate.proxy.journey.Upstreams.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restart: the next process takes the listening sockets, and the one before finishes what it has begun. */
class HandoverJourneyTest {
    private final Path directory;

    HandoverJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void noConnectionIsRefusedAndNoStreamIsCutWhileOneProcessFollowsTheOther() throws Exception {
        Semaphore go = new Semaphore(0);
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> {
                    if (request.body().contains("stream")) {
                        call.beginEvents();
                        call.chunk("data: 1\n\n");
                        go.acquire();
                        call.chunk("data: 2\n\n");
                        call.endChunks();
                    } else {
                        call.json(200, "{}");
                    }
                });
                ChildGateway before = new ChildGateway(directory, yaml(upstream));
                RawCaller streaming = new RawCaller(before.port())) {
            streaming
                    .chat("{\"model\":\"gpt\",\"stream\":true,\"messages\":[]}")
                    .readHead();
            assertThat(streaming.readChunk()).isEqualTo("data: 1\n\n");
            Queue<String> failures = new ConcurrentLinkedQueue<>();
            AtomicInteger answers = new AtomicInteger();
            AtomicBoolean stop = new AtomicBoolean();
            Thread asking = new Thread(() -> askAgainAndAgain(before.port(), failures, answers, stop));
            asking.start();
            try (ChildGateway after = new ChildGateway(directory, yaml(upstream))) {
                assertThat(after.port())
                        .as("the same port, though any would do")
                        .isEqualTo(before.port());
                assertThat(answers).as("connections went on coming").hasPositiveValue();
                assertThat(before.running()).as("its stream is still open").isTrue();
                go.release();
                assertThat(streaming.readChunk()).isEqualTo("data: 2\n\n");
                assertThat(streaming.readChunk()).as("whole").isEmpty();
                assertThat(before.awaitEnd()).isZero();
                int seen = answers.get();
                await().until(() -> answers.get() > seen);
                stop.set(true);
                asking.join();
                assertThat(failures).isEmpty();
                assertThat(KeyNodes.run(
                                        "drain",
                                        directory.resolve("headgate.yaml").toString())
                                .code())
                        .as("the place of the socket is the new process's")
                        .isZero();
                assertThat(after.awaitEnd()).isZero();
            } finally {
                stop.set(true);
                asking.join();
            }
            assertThat(Files.exists(directory.resolve("headgate.sock"))).isFalse();
        }
    }

    @Test
    void systemdIsToldWhichProcessIsTheMainOneNow() throws Exception {
        String path = directory.resolve("notify").toString();
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", path);
        try (ServiceSocket systemd = new ServiceSocket(path);
                ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                ChildGateway before = new ChildGateway(directory, yaml(upstream), environment)) {
            assertThat(systemd.next()).startsWith("READY=1");
            try (ChildGateway after = new ChildGateway(directory, yaml(upstream))) {
                assertThat(systemd.next())
                        .as("by the one that was, since systemd hears no other")
                        .isEqualTo("MAINPID=" + after.pid());
                assertThat(systemd.next()).startsWith("STOPPING=1");
                assertThat(before.awaitEnd()).isZero();
            }
        }
    }

    @Test
    void whoOnlyWantsTheEndIsNoNewMainProcess() throws Exception {
        String path = directory.resolve("notify").toString();
        try (ServiceSocket systemd = new ServiceSocket(path);
                ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"));
                ChildGateway gateway = new ChildGateway(directory, yaml(upstream), Map.of("NOTIFY_SOCKET", path))) {
            assertThat(systemd.next()).startsWith("READY=1");
            String file = directory.resolve("headgate.yaml").toString();
            assertThat(KeyNodes.run("drain", file).code()).isZero();
            assertThat(systemd.next()).startsWith("STOPPING=1");
            assertThat(gateway.awaitEnd()).isZero();
        }
    }

    @Test
    void aProcessThatWasKilledIsInNobodysWay() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"))) {
            try (ChildGateway before = new ChildGateway(directory, yaml(upstream))) {
                assertThat(before.running()).isTrue();
            }
            try (ChildGateway after = new ChildGateway(directory, yaml(upstream));
                    RawCaller caller = new RawCaller(after.port())) {
                assertThat(caller.chat(BODY).read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void nobodyIsDrainedWhereNobodyRuns() throws Exception {
        Path file = Files.writeString(
                directory.resolve("headgate.yaml"),
                "handover: nobody.sock\ndeployments: { d: { upstreams: [{ url: http://h }] } }");
        KeyNodes.Said said = KeyNodes.run("drain", file.toString());
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.errors()).contains("no gateway answers at");
    }

    private static void askAgainAndAgain(int port, Queue<String> failures, AtomicInteger answers, AtomicBoolean stop) {
        while (!stop.get()) {
            try (RawCaller caller = new RawCaller(port)) {
                int status = caller.chat(BODY, "connection: close").read().status();
                if (status == 200) {
                    answers.incrementAndGet();
                } else {
                    failures.add("status " + status);
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }
    }

    private static String yaml(ScriptedUpstream upstream) {
        return """
                listen: 127.0.0.1:0
                handover: headgate.sock
                keys: { caller: %s }
                deployments: { gpt: { upstreams: [{ url: "%s" }] } }
                """.formatted(TestGateway.KEY, upstream.url());
    }
}
