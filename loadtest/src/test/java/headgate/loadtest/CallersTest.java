package headgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.measure.Latency;
import headgate.loadtest.measure.Measures.Count;
import headgate.loadtest.measure.Outcome;
import headgate.loadtest.provider.Counters;
import headgate.loadtest.scenario.Key;
import headgate.loadtest.scenario.Scenario;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallersTest extends RunTest {
    @ParameterizedTest
    @CsvSource({
        "reset-after:3,INCOMPLETE",
        "close-after:3,INCOMPLETE",
        "reset,RESET",
        "stall,TIMEOUT",
        "429,STATUS",
        "slow:1,STATUS"
    })
    void whatGoesWrongWithAStreamLeavesTheConnection(String fault, Outcome outcome) throws Exception {
        Result run = run(SHORT.with(Map.of(
                Key.PATH,
                "/fault/" + fault + CHAT,
                Key.RATE,
                "100",
                Key.HTTP,
                "2",
                Key.TIMEOUT,
                fault.equals("stall") ? "300ms" : "20s")));

        assertThat(count(run, outcome)).isEqualTo(20);
        assertThat(count(Counters.Count.CONNECTIONS)).isEqualTo(1);
    }

    @Test
    void whatATargetSaysItDidNotTakeIsSentElsewhere() throws Exception {
        try (SocketTarget target = new SocketTarget(new StreamsTarget())) {
            Result run = run(
                    SHORT.with(Map.of(Key.RATE, "50", Key.STREAM, "false", Key.HTTP, "2", Key.CONNECTIONS, "1")),
                    target.url());

            assertThat(count(run, Outcome.GOOD)).isEqualTo(10);
            assertThat(run.measures().count(Count.RESENT)).isEqualTo(1);
            assertThat(run.measures().count(Count.CONNECTIONS)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRetryCountsFromTheIntendedStartAndHeedsTheTarget(boolean heed) throws Exception {
        // The fault advises to come back after a second.
        Result run = run(SHORT.with(Map.of(
                Key.PATH, "/fault/times-503:5:retried" + CHAT, Key.RATE, "25", Key.RETRIES, "5", Key.HEED, "" + heed)));

        assertThat(count(run, Outcome.GOOD)).isEqualTo(5);
        assertThat(run.measures().count(Count.RETRIES)).isEqualTo(5);
        assertThat(run.measures().count(Count.HEEDED)).isEqualTo(heed ? 5 : 0);
        assertThat(run.measures().total(Latency.TOTAL).getMaxValue() / 1e3)
                .as("the first wait is half of a tenth of a second at least")
                .isGreaterThan(heed ? 1000 : 50);
        assertThat(run.measures().total(Latency.FIRST_BYTE).getTotalCount())
                .as("a call has one first byte, however often it was tried")
                .isEqualTo(5);
    }

    @Test
    void whoWouldWaitBeyondTheTimeOutGivesUpAtOnce() throws Exception {
        Result run = run(SHORT.with(
                Map.of(Key.PATH, "/fault/503:100" + CHAT, Key.RATE, "25", Key.RETRIES, "5", Key.TIMEOUT, "90s")));

        assertThat(count(run, Outcome.STATUS)).isEqualTo(5);
        assertThat(run.measures().count(Count.RETRIES)).isZero();
    }

    @Test
    void everyLaneHasItsPartOfTheConnections() throws Exception {
        run(SHORT.with(Map.of(Key.ARRIVALS, "closed", Key.CONNECTIONS, "5", Key.LOOPS, "3")));

        assertThat(count(Counters.Count.CONNECTIONS)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "2"})
    void callersLeaveAndTheProviderSeesIt(String http) throws Exception {
        Result run = run(
                SHORT.with(Map.of(Key.ABORT, "1", Key.ABORT_WITHIN, "100ms", Key.OUTPUT, "100000", Key.HTTP, http)));

        assertThat(count(run, Outcome.ABORTED)).isEqualTo(100);
        assertThat(run.measures().errors()).isZero();
        if (http.equals("2")) {
            assertThat(count(Counters.Count.CONNECTIONS))
                    .as("only their streams end")
                    .isEqualTo(1);
            assertThat(count(Counters.Count.CANCELLED)).isPositive();
        }
    }

    @Test
    void whoLeavesAPipelineDoesNotSpoilWhatIsBesideIt() throws Exception {
        // All are sent at once, and each that leaves has all the others sent anew, far more often than a target may
        // want it.
        Result run = run(SHORT.with(Map.of(
                Key.RATE,
                "1000",
                Key.DURATION,
                "100ms",
                Key.PIPELINE,
                "100",
                Key.CONNECTIONS,
                "1",
                Key.ABORT,
                "0.7",
                Key.ABORT_WITHIN,
                "20ms")));

        assertThat(count(run, Outcome.ABORTED)).isPositive();
        assertThat(count(run, Outcome.GOOD))
                .as("the others are good, or left later themselves")
                .isEqualTo(100 - count(run, Outcome.ABORTED));
        assertThat(run.measures().count(Count.RESENT)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "2"})
    void slowReadersGetAllOfTheirAnswers(String http) throws Exception {
        Result run = run(SHORT.with(Map.of(Key.SLOW, "0.5", Key.SLOW_EVERY, "5ms", Key.OUTPUT, "50", Key.HTTP, http)));

        assertThat(count(run, Outcome.GOOD)).isEqualTo(100);
        assertThat(run.measures().count(Count.TOKENS)).isEqualTo(50 * 100);
        assertThat(run.measures().total(Latency.SLOW).getTotalCount()
                        + run.measures().total(Latency.TOTAL).getTotalCount())
                .as("their times stand apart")
                .isEqualTo(100);
        assertThat(run.measures().total(Latency.SLOW).getTotalCount()).isBetween(20L, 80L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "2"})
    void aSlowReaderHoldsTheProviderUp(String http) throws Exception {
        try (SimulatedProvider fast =
                SimulatedProvider.start(options().withPace(Duration.ZERO, Duration.ZERO, 60_000))) {
            String url = "http://127.0.0.1:" + fast.port();
            Scenario one = SHORT.with(Map.of(Key.RATE, "5", Key.OUTPUT, "60000", Key.TIMEOUT, "60s", Key.HTTP, http));
            Map<Key, String> slow = Map.of(Key.SLOW, "1", Key.SLOW_EVERY, "10s", Key.TIMEOUT, "2s");
            FutureTask<Result> held = new FutureTask<>(() -> run(one.with(slow), url));
            new Thread(held, "slow reader").start();

            assertThat(count(run(one, url), Outcome.GOOD))
                    .as("another reads all of it meanwhile")
                    .isEqualTo(1);
            assertThat(count(held.get(), Outcome.TIMEOUT)).isEqualTo(1);
            await().until(() -> fast.counters().value(Counters.Count.CANCELLED) == 1);
            assertThat(fast.counters().value(Counters.Count.STREAMS_COMPLETED)).isEqualTo(1);
            assertThat(fast.counters().value(Counters.Count.EVENTS_WRITTEN)).isLessThan(2 * 60_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4"})
    void anAnswerThatIsCutOffIsIncompleteAlsoWhereItsConnectionWasToEnd(String pipeline) throws Exception {
        try (SocketTarget target = new SocketTarget(
                new ClosingTarget("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100\r\n\r\ndata: {"))) {
            Result run =
                    run(SHORT.with(Map.of(Key.RATE, "50", Key.PIPELINE, pipeline, Key.CONNECTIONS, "2")), target.url());

            assertThat(count(run, Outcome.INCOMPLETE)).isEqualTo(10);
            if (pipeline.equals("0")) {
                assertThat(run.measures().count(Count.RESENT)).isZero();
            }
        }
    }

    @Test
    void silentConnectionsAreHeldAndTheirLossIsCounted() throws Exception {
        Result run = run(SHORT.with(Map.of(Key.IDLE, "50", Key.RATE, "5", Key.DURATION, "1s")));

        assertThat(count(Counters.Count.CONNECTIONS)).isGreaterThan(50);
        assertThat(run.measures().count(Count.IDLE_LOST)).isZero();

        try (Socket taken = notListening()) {
            Result lost = run(
                    SHORT.with(Map.of(Key.IDLE, "50", Key.RATE, "5", Key.DURATION, "1s")),
                    "http://127.0.0.1:" + taken.getLocalPort());
            assertThat(lost.measures().count(Count.IDLE_LOST)).isEqualTo(50);
        }
    }

    @Test
    void silentConnectionsThatTheTargetClosesAreCounted() throws Exception {
        try (SocketTarget target = new SocketTarget(new LeavingTarget(50))) {
            Result run = run(
                    SHORT.with(Map.of(
                            Key.IDLE, "50", Key.RATE, "5", Key.STREAM, "false", Key.ECHO, "false", Key.USAGE, "false")),
                    target.url());

            assertThat(count(run, Outcome.GOOD)).isEqualTo(1);
            assertThat(run.measures().count(Count.IDLE_LOST)).isEqualTo(50);
        }
    }
}
