package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Thousands of exchanges with faults at random on both sides: whoever gets an answer gets the one to its own question. */
class FaultsJourneyTest {
    private static final int CALLERS = 8;
    private static final int EXCHANGES = 400;
    private static final long SEED = 20_26_11;

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    @Test
    void noAnswerReachesAnotherCaller() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (Pair pair = new Pair(
                (request, call) -> answer(request, call, new SplittableRandom(SEED + requests.incrementAndGet())))) {
            ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
            List<Callable<Void>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int number = i;
                callers.add(() -> call(pair.gateway.port(), number));
            }
            for (Future<Void> done : threads.invokeAll(callers)) {
                done.get();
            }
            threads.shutdown();
            System.out.printf(
                    "faults at random, seed %d: %d answered, %d failed%n", SEED, answered.get(), failed.get());
            assertThat(answered.get()).as("most work, in spite of the faults").isGreaterThan(CALLERS * EXCHANGES / 2);
            assertThat(failed.get()).as("there were faults").isPositive();
            await().untilAsserted(
                            () -> assertThat(pair.gateway.server().heldBytes()).isZero());
        }
    }

    private Void call(int port, int number) throws Exception {
        Random random = new Random(SEED + number);
        RawCaller caller = new RawCaller(port);
        for (int i = 0; i < EXCHANGES; i++) {
            String question = number + "-" + i;
            try {
                caller.chat("{\"model\":\"gpt\",\"user\":\"" + question + "\",\"pad\":\""
                        + "x".repeat(random.nextInt(3000)) + "\"}");
                if (random.nextInt(20) == 0) {
                    caller.close();
                    caller = new RawCaller(port);
                    continue;
                }
                RawCaller.Answer answer = caller.read();
                if (answer.status() == 200) {
                    assertThat(answer.body()).startsWith("<" + question + ">").endsWith("</" + question + ">");
                    answered.incrementAndGet();
                } else {
                    failed.incrementAndGet();
                }
            } catch (IOException e) {
                failed.incrementAndGet();
                caller.close();
                caller = new RawCaller(port);
            }
        }
        caller.close();
        return null;
    }

    private static void answer(ScriptedUpstream.Request request, ScriptedUpstream.Call call, SplittableRandom random)
            throws IOException, InterruptedException {
        int start = request.body().indexOf("\"user\":\"") + 8;
        String question = request.body().substring(start, request.body().indexOf('"', start));
        String body = "<" + question + ">" + "y".repeat(random.nextInt(2000)) + "</" + question + ">";
        String sized = "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
        switch (random.nextInt(16)) {
            case 0 -> call.reset();
            case 1 -> call.socket().close();
            case 2 -> {
                call.send(sized.substring(0, sized.length() - 1 - random.nextInt(body.length())));
                call.reset();
            }
            case 3 -> {
                call.send(sized.substring(0, sized.length() - 1 - random.nextInt(body.length())));
                call.socket().close();
            }
            case 4 -> call.send(sized + "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwrong");
            case 5 -> {
                call.send(sized);
                call.reset();
            }
            case 6 -> {
                call.send("HTTP/1.1 200 OK\r\n\r\n" + body);
                call.socket().close();
            }
            case 7, 8, 9 -> {
                call.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
                int split = random.nextInt(body.length() - 1) + 1;
                call.chunk(body.substring(0, split));
                call.chunk(body.substring(split));
                call.endChunks();
            }
            default -> call.send(sized);
        }
    }
}
