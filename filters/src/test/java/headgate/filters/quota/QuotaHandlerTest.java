package headgate.filters.quota;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.GatewayConfig;
import headgate.filters.AnswerEnd;
import headgate.filters.BodyEnd;
import headgate.filters.Configured;
import headgate.filters.Deployments;
import headgate.filters.Exchange;
import headgate.filters.ExchangeProbe;
import headgate.filters.HeldBytes;
import headgate.filters.Principal;
import headgate.filters.Usage;
import headgate.filters.api.ProxyError;
import headgate.filters.api.ProxyError.Kind;
import headgate.filters.http.AnswerHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gate in front of a ledger that takes its time, and ends every reservation once. */
final class QuotaHandlerTest {
    private static final String TWENTY_LETTERS = "{\"content\":\"" + "x".repeat(20) + "\"}";

    private static final int HELD_MAX = 64;
    private static final String CHAT = "POST /openai/v1/chat/completions";

    /** A ledger that decides when the test says so, and remembers what it was asked and told. */
    private static final class LateLedger implements QuotaLedger {
        private final LocalQuotaLedger books = new LocalQuotaLedger(() -> 0, 10);
        private final List<Runnable> decisions = new ArrayList<>();
        private final List<String> asked = new ArrayList<>();
        private final List<String> settled = new ArrayList<>();

        @Override
        public void close() {}

        @Override
        public void reserve(Reservation reservation, long requests, long tokens, long microUnits, Decision decision) {
            asked.add(requests + "/" + tokens + "/" + microUnits);
            decisions.add(() -> books.reserve(reservation, requests, tokens, microUnits, decision));
        }

        @Override
        public QuotaForecast forecast(Reservation reservation, long requests, long tokens, long microUnits) {
            return books.forecast(reservation, requests, tokens, microUnits);
        }

        @Override
        public void settle(Reservation reservation, long requests, long tokens, long microUnits) {
            settled.add(requests + "/" + tokens + "/" + microUnits);
            books.settle(reservation, requests, tokens, microUnits);
        }

        @Override
        public List<AnswerHead.Field> fields(Reservation reservation) {
            return books.fields(reservation);
        }

        @Override
        public List<QuotaStanding> standings() {
            return books.standings();
        }

        void decide() {
            decisions.remove(0).run();
        }
    }

    private final GatewayConfig config = Configured.with("d: { upstreams: [{ url: \"http://127.0.0.1:1\" }],"
            + " prices: { input: 1000000, output: 1000000 }, rateLimit: { tokensPerMinute: 10, concurrent: 5 } }");
    private final HeldBytes heldBytes = new HeldBytes(config.limits());
    private final LateLedger ledger = new LateLedger();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new QuotaHandler(ledger, config::principalLimits, heldBytes, () -> HELD_MAX, 1000));
    private final ExchangeProbe probe = ExchangeProbe.on(channel);

    @AfterEach
    void nothingIsHeldAndNobodyIsCountedAsOpen() {
        probe.end();
        channel.finishAndReleaseAll();
        assertThat(heldBytes.held()).isZero();
        assertThat(ledger.standings())
                .filteredOn(at -> at.unit() == QuotaUnit.CONCURRENT)
                .allMatch(at -> at.used() == 0);
    }

    @Test
    void aSmallBodyIsAskedAboutOnceWhenItIsWhole() {
        Exchange exchange = open("content-length: 4");
        assertThat(ledger.asked).isEmpty();
        channel.writeInbound(part("body"), BodyEnd.INSTANCE);
        assertThat(passed()).isEqualTo("exchange body");
        assertThat(ledger.asked).containsExactly("1/1/1");
        ledger.decide();
        assertThat(passed()).isEqualTo("end");
        assertThat(exchange.rateLimitFields()).hasSize(3);
    }

    @Test
    void aBodyThatMayStreamIsAskedAboutByItsHeadToo() {
        for (String framing : new String[] {"content-length: 65", "transfer-encoding: chunked"}) {
            open(framing);
            channel.writeInbound(part("begin"));
            assertThat(passed()).as(framing).isEmpty();
            ledger.decide();
            assertThat(passed()).isEqualTo("exchange begin");
            channel.writeInbound(BodyEnd.INSTANCE);
            assertThat(passed()).isEmpty();
            ledger.decide();
            assertThat(passed()).isEqualTo("end");
            assertThat(ledger.asked).as(framing).containsExactly("1/0/0", "0/1/1");
            ledger.asked.clear();
            probe.end();
        }
    }

    @Test
    void whereThereIsNoRoomNothingPassesAndNothingIsTaken() {
        fill();
        Exchange exchange = open("content-length: 0");
        channel.writeInbound(BodyEnd.INSTANCE);
        ledger.decide();
        assertThat(passed()).isEqualTo("exchange ");
        assertThat(probe.errors()).extracting(ProxyError::kind).containsExactly(Kind.RATE_LIMITED);
        assertThat(exchange.rateLimitFields()).hasSize(3);
        assertThat(ledger.settled)
                .as("the first one's, and nothing of the refused")
                .containsExactly("1/10/10", "0/0/0");
    }

    @Test
    void aCallerThatLeavesWhileTheLedgerThinksIsGivenBackWhenItHasDecided() {
        open("content-length: 0");
        channel.writeInbound(BodyEnd.INSTANCE);
        probe.end();
        assertThat(ledger.settled).isEmpty();
        ledger.decide();
        assertThat(ledger.settled).containsExactly("0/0/0");
        assertThat(tokens()).isZero();
    }

    @Test
    void aCallerThatLeavesInTheMiddleOfItsBodyIsGivenBackWhole() {
        open("content-length: 1000");
        ledger.decide();
        channel.writeInbound(part("some"));
        assertThat(passed()).isEqualTo("exchange some");
        probe.end();
        assertThat(ledger.settled).containsExactly("0/0/0");
    }

    @Test
    void aCallerThatLeavesWhileItsTokensAreAskedForIsGivenBackWhole() {
        open("content-length: 1000");
        ledger.decide();
        channel.writeInbound(BodyEnd.INSTANCE);
        probe.end();
        assertThat(ledger.settled).isEmpty();
        ledger.decide();
        assertThat(ledger.settled).containsExactly("0/0/0");
        assertThat(tokens()).isZero();
        assertThat(passed()).isEqualTo("exchange ");
    }

    @Test
    void aLateRefusalOfAnExchangeThatIsOverIsNotOneOfTheNext() {
        fill();
        open("content-length: 0");
        channel.writeInbound(BodyEnd.INSTANCE);
        probe.end();
        open("content-length: 0");
        ledger.decide();
        assertThat(probe.errors()).isEmpty();
        assertThat(passed()).isEqualTo("exchange exchange ");
    }

    @Test
    void whatWasAnsweredIsSettledOnceByItsUsage() {
        Exchange exchange = admitted();
        exchange.usage(new Usage(3, 4, 2, -1));
        answer(200, "{}");
        probe.end();
        probe.end();
        assertThat(ledger.settled).containsExactly("1/7/7");
    }

    @Test
    void aStreamsCountFromBeforeACutIsAtLeastWhatPassed() throws Exception {
        Exchange exchange = admitted();
        exchange.usage(new Usage(3, 1, -1, -1));
        String head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
        channel.writeOutbound(AnswerHead.parse(head.getBytes(StandardCharsets.US_ASCII), 10), part(TWENTY_LETTERS));
        probe.end();
        assertThat(ledger.settled).containsExactly("1/8/8");
    }

    @Test
    void aWholeAnswersCountIsWhatItSays() {
        Exchange exchange = admitted();
        exchange.usage(new Usage(3, 1, -1, -1));
        channel.writeOutbound(AnswerHead.own(200, -1, List.of()), part(TWENTY_LETTERS));
        probe.end();
        assertThat(ledger.settled).containsExactly("1/4/4");
    }

    @Test
    void aWholeAnswerThatSaysNothingOfItsCompletionIsCounted() {
        Exchange exchange = admitted();
        exchange.usage(new Usage(3, -1, -1, -1));
        channel.writeOutbound(AnswerHead.own(200, -1, List.of()), part(TWENTY_LETTERS));
        probe.end();
        assertThat(ledger.settled).containsExactly("1/8/8");
    }

    @Test
    void anInterimAnswerIsNotTheAnswer() {
        admitted();
        channel.writeOutbound(AnswerHead.own(103, -1, List.of()));
        probe.end();
        assertThat(ledger.settled).as("the prompt was read").containsExactly("1/1/1");
    }

    @Test
    void aConnectionThatIsTakenDownSettlesToo() {
        admitted();
        channel.finishAndReleaseAll();
        assertThat(ledger.settled).containsExactly("1/1/1");
    }

    private Exchange admitted() {
        Exchange exchange = open("content-length: 0");
        channel.writeInbound(BodyEnd.INSTANCE);
        ledger.decide();
        exchange.sentNanos(1);
        return exchange;
    }

    private void fill() {
        Exchange exchange = admitted();
        exchange.usage(new Usage(10, 0, -1, -1));
        probe.end();
        passed();
    }

    private void answer(int status, String body) {
        channel.writeOutbound(AnswerHead.own(status, body.length(), List.of()), part(body), AnswerEnd.INSTANCE);
    }

    private Exchange open(String field) {
        Exchange exchange = probe.exchange(CHAT, field);
        exchange.deployment(Objects.requireNonNull(new Deployments(config).find("d")));
        exchange.principal(new Principal("caller", List.of()));
        channel.writeInbound(exchange);
        return exchange;
    }

    private long tokens() {
        return ledger.standings().stream()
                .filter(at -> at.unit() == QuotaUnit.TOKENS)
                .mapToLong(QuotaStanding::used)
                .sum();
    }

    private String passed() {
        StringBuilder all = new StringBuilder();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            if (message instanceof ByteBuf part) {
                all.append(part.toString(StandardCharsets.US_ASCII));
                part.release();
            } else {
                all.append(message == BodyEnd.INSTANCE ? "end" : "exchange ");
            }
        }
        return all.toString();
    }

    private static ByteBuf part(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
