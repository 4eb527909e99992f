package headgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.loadtest.calls.LoadRun;
import headgate.loadtest.calls.LoadRun.Result;
import headgate.loadtest.calls.Target;
import headgate.loadtest.measure.Latency;
import headgate.loadtest.measure.Measures.Count;
import headgate.loadtest.measure.Outcome;
import headgate.loadtest.measure.ProcessWatch;
import headgate.loadtest.provider.Counters;
import headgate.loadtest.provider.Pace;
import headgate.loadtest.report.Verdict;
import headgate.loadtest.scenario.Key;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Exchanger;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadRunTest extends RunTest {
    @ParameterizedTest
    @CsvSource({"true,0,1,1.1", "true,3,2,1.1", "false,1,1,1.1", "false,8,2,1.1", "true,0,1,2", "false,3,2,2"})
    void everyCallIsMadeAndTheProviderCountsTheSame(boolean stream, int pipeline, int loops, String http)
            throws Exception {
        Result run = run(SHORT.with(Map.of(
                Key.STREAM,
                "" + stream,
                Key.PIPELINE,
                "" + pipeline,
                Key.LOOPS,
                "" + loops,
                Key.CONNECTIONS,
                "4",
                Key.HTTP,
                http)));

        assertThat(count(run, Outcome.GOOD)).isEqualTo(100);
        assertThat(run.measures().count(Count.DUE)).isEqualTo(100);
        assertThat(run.measures().count(Count.TOKENS)).isEqualTo(5 * 100);
        assertThat(run.measures().count(Count.CONNECTIONS)).isLessThanOrEqualTo(4);
        assertThat(count(Counters.Count.REQUESTS)).isEqualTo(100);
        assertThat(count(Counters.Count.PROMPT_TOKENS)).isEqualTo(20 * 100);
        assertThat(count(Counters.Count.EVENTS_WRITTEN))
                .isEqualTo(run.measures().count(Count.EVENTS));
        assertThat(run.measures().total(Latency.GAP).getTotalCount()
                        + run.measures().total(Latency.FIRST_EVENT).getTotalCount())
                .isEqualTo(run.measures().count(Count.EVENTS));
        assertThat(Verdict.of(run).exitCode()).isEqualTo(Verdict.GOOD);
    }

    @Test
    void aTargetThatStallsForASecondShowsItInThePercentiles() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedTarget target = new ScriptedTarget(1, body -> {
            if (asked.incrementAndGet() == 15) {
                Thread.sleep(600);
            }
            return ScriptedTarget.echo(body);
        })) {
            Result run =
                    run(SHORT.with(Map.of(Key.RATE, "150", Key.DURATION, "1s", Key.STREAM, "false")), target.url());

            // Ninety of 150 calls are due during the stall; half of them wait for more than half of it.
            assertThat(count(run, Outcome.GOOD)).isEqualTo(150);
            assertThat(percentile(run, 90)).isGreaterThan(300);
            assertThat(percentile(run, 80)).isGreaterThan(200);
        }
    }

    @Test
    void swappedAnswersAreFound() throws Exception {
        Exchanger<String> swap = new Exchanger<>();
        try (ScriptedTarget target = new ScriptedTarget(2, body -> {
            // The calls are an even number: nobody remains alone.
            return ScriptedTarget.echo(swap.exchange(body));
        })) {
            Result run =
                    run(SHORT.with(Map.of(Key.RATE, "50", Key.STREAM, "false", Key.CONNECTIONS, "2")), target.url());

            assertThat(count(run, Outcome.CROSSED)).isEqualTo(10);
            assertThat(Verdict.of(run).exitCode()).isEqualTo(Verdict.FAULTY);
            assertThat(Verdict.of(run).faults()).contains("10 answers were crossed");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "close-after:3,INCOMPLETE,1",
        "reset-after:3,INCOMPLETE,1",
        "no-usage,INCOMPLETE,1",
        "reset,RESET,1",
        "stall,TIMEOUT,1",
        "429,STATUS,1",
        "500,STATUS,1"
    })
    void whatGoesWrongIsCountedByItsCause(String fault, Outcome outcome, int exitCode) throws Exception {
        Result run = run(SHORT.with(Map.of(
                Key.PATH,
                "/fault/" + fault + CHAT,
                Key.RATE,
                "100",
                Key.TIMEOUT,
                fault.equals("stall") ? "300ms" : "20s")));

        assertThat(count(run, outcome)).isEqualTo(20);
        assertThat(run.measures().ended()).isEqualTo(20);
        assertThat(Verdict.of(run).exitCode()).isEqualTo(exitCode);
        if (outcome == Outcome.STATUS) {
            assertThat(run.measures().statuses()).isEqualTo(Map.of(Integer.valueOf(fault), 20L));
        }
        if (outcome == Outcome.TIMEOUT) {
            for (Latency latency : List.of(Latency.FIRST_BYTE, Latency.FIRST_EVENT, Latency.TOTAL)) {
                Histogram times = run.measures().total(latency);
                assertThat(times.getTotalCount()).as(latency.word()).isEqualTo(20);
                assertThat(times.getMinValue() / 1e3)
                        .as("a call that timed out counts with its time-out: %s", latency.word())
                        .isGreaterThan(297);
            }
        }
    }

    @Test
    void whoCannotConnectIsCounted() throws Exception {
        try (Socket taken = notListening()) {
            Result run = run(SHORT.with(Key.RATE, "100"), "http://127.0.0.1:" + taken.getLocalPort());

            assertThat(count(run, Outcome.CONNECT)).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0us", "10ms"})
    void aGeneratorThatIsLateMakesAVoidRun(String late) throws Exception {
        boolean strict = late.equals("0us");
        Result run = run(SHORT.with(Map.of(Key.LATE, late, Key.LATE_SHARE, strict ? "0" : "1")));

        assertThat(run.measures().count(Count.LATE) > 0 || !strict)
                .as("no start is in time to the nanosecond")
                .isTrue();
        assertThat(Verdict.of(run).isVoid()).isEqualTo(strict);
        assertThat(Verdict.of(run).exitCode()).isEqualTo(strict ? Verdict.VOID : Verdict.GOOD);
    }

    @Test
    void callsThatCouldNotBeSentMakeAVoidRun() throws Exception {
        Result run = run(SHORT.with(Map.of(
                Key.PATH, "/fault/stall" + CHAT, Key.CONNECTIONS, "1", Key.BACKLOG, "10", Key.TIMEOUT, "500ms")));

        assertThat(count(run, Outcome.UNSENT)).isGreaterThan(0);
        assertThat(Verdict.of(run).voids()).anyMatch(reason -> reason.contains("were never sent"));
    }

    @Test
    void aClosedLoopKeepsItsConnectionsBusy() throws Exception {
        Result run = run(SHORT.with(Map.of(Key.ARRIVALS, "closed", Key.CONNECTIONS, "3", Key.DURATION, "500ms")));

        assertThat(count(Counters.Count.CONNECTIONS)).isEqualTo(3);
        assertThat(count(run, Outcome.GOOD)).isGreaterThan(3).isEqualTo(count(Counters.Count.REQUESTS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "2"})
    void eventsTellHowLateTheyAre(String http) throws Exception {
        try (SimulatedProvider telling = SimulatedProvider.start(options()
                .withPace(Pace.constant(Duration.ofMillis(1), Duration.ofMillis(1), 100)
                        .tellingTimes()))) {
            Result run = run(SHORT.with(Map.of(Key.HTTP, http)), "http://127.0.0.1:" + telling.port());

            assertThat(count(run, Outcome.GOOD)).isEqualTo(100);
            assertThat(run.measures().total(Latency.DELAY).getTotalCount())
                    .as("all but the last event, which is no object")
                    .isEqualTo(run.measures().count(Count.EVENTS) - 100);
        }
    }

    @Test
    void aClosedLoopWithoutTimeForItsTimersIsVoid() throws Exception {
        Result run = run(SHORT.with(
                Map.of(Key.ARRIVALS, "closed", Key.CONNECTIONS, "3", Key.DURATION, "500ms", Key.HICCUP, "0")));
        assertThat(run.measures().total(Latency.HICCUP).getTotalCount()).isGreaterThan(250);
        assertThat(Verdict.of(run).starved()).singleElement().asString().contains("hiccups");

        Result busy = run(SHORT.with(Map.of(Key.ARRIVALS, "closed", Key.CONNECTIONS, "3", Key.BUSY_SHARE, "0")));
        assertThat(Verdict.of(busy).starved()).singleElement().asString().contains("was busy for");
    }

    @Test
    void ratesAreOfTheTimeInWhichCallsBegin() throws Exception {
        Result run = run(SHORT.with(Map.of(
                Key.WARMUP, "100ms", Key.DURATION, "500ms", Key.PATH, "/fault/stall" + CHAT, Key.TIMEOUT, "1s")));

        assertThat(run.seconds()).isEqualTo(0.4);
        assertThat(run.measures().count(Count.ENDED_IN_TIME))
                .as("what ends after the last call has begun")
                .isZero();
    }

    /** Twenty calls at once, and long times before and after them, which nobody waits for when they have been answered. */
    @ParameterizedTest
    @CsvSource({"0s,20s,true", "20s,30s,false"})
    void bytesAreOfTheTimeAfterTheWarmUp(String warmup, String duration, boolean counted, @TempDir Path directory)
            throws Exception {
        Path trace = Files.writeString(
                directory.resolve("trace.csv"), "time,prompt,output\n" + "2023-11-16 18:17:03.97,20,5\n".repeat(20));
        Result run = run(SHORT.with(
                Map.of(Key.ARRIVALS, "trace", Key.TRACE, "" + trace, Key.WARMUP, warmup, Key.DURATION, duration)));

        assertThat(count(Counters.Count.STREAMS_COMPLETED)).isEqualTo(20);
        assertThat(run.measures().count(Count.BYTES_OUT)).isEqualTo(counted ? count(Counters.Count.BYTES_IN) : 0);
        assertThat(run.measures().count(Count.BYTES_IN)).isEqualTo(counted ? count(Counters.Count.BYTES_OUT) : 0);
    }

    @Test
    void bytesThatComeWhenNoCallBeginsAnyMoreAreNotCounted() throws Exception {
        try (SimulatedProvider late =
                SimulatedProvider.start(options().withPace(Duration.ofMillis(1500), Duration.ZERO, 100))) {
            Result run = run(SHORT, "http://127.0.0.1:" + late.port());

            assertThat(count(run, Outcome.GOOD)).isEqualTo(100);
            assertThat(run.measures().count(Count.BYTES_IN)).isZero();
        }
    }

    @Test
    void whatHappensInTheWarmUpIsNotMeasured() throws Exception {
        Result run = run(SHORT.with(Key.WARMUP, "100ms"));

        assertThat(count(run, Outcome.GOOD)).isEqualTo(50);
        assertThat(count(Counters.Count.REQUESTS)).isEqualTo(100);
    }

    @Test
    void aTargetMayWantTls(@TempDir Path directory) throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .ecp256()
                .subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path certificate = Files.writeString(directory.resolve("cert.pem"), bundle.getCertificatePathPEM());
        Path key = Files.writeString(directory.resolve("key.pem"), bundle.getPrivateKeyPEM());
        try (SimulatedProvider secure = SimulatedProvider.start(options().withTls(certificate, key))) {
            String url = "https://127.0.0.1:" + secure.port();

            assertThat(count(run(SHORT.with(Key.CONNECTIONS, "8"), url), Outcome.GOOD))
                    .isEqualTo(100);
            Result http2 = run(SHORT.with(Map.of(Key.HTTP, "2", Key.CONNECTIONS, "1")), url);
            assertThat(count(http2, Outcome.GOOD)).isEqualTo(100);
            Result distrusting = LoadRun.run(
                    SHORT.with(Key.RATE, "50"), Target.of(url, "", false), ProcessWatch.own(), second -> {});
            assertThat(count(distrusting, Outcome.CONNECT)).isEqualTo(10);
        }
    }
}
