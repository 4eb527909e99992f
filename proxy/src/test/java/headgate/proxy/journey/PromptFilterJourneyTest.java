package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers may not say never reaches an upstream, however it is written. */
final class PromptFilterJourneyTest {
    private static final Path TABLES = Path.of("src/test/resources/headgate/proxy/journey");
    private static final String[] POLICY = {
        "contentFilter: strict",
        "blocklists:",
        "  words: { items: [blockme, forbidden phrase, 坏词, verboten café, { pattern: \"secret-[0-9]{3}\", isRegex: true }] }",
        "  alike: { confusables: true, items: [paypal] }",
        "contentFilters:",
        "  strict:",
        "    customBlocklists: [{ blocklistName: words, source: Prompt }, { blocklistName: alike, source: Prompt }]",
        "    patterns: [{ name: PaymentCard, source: Prompt, action: block }, { name: Email, source: Prompt, action: mask },"
                + " { name: ApiKey, source: Prompt, action: annotate }]",
        "limits: { heldBytes: 1KiB }",
    };

    private final AtomicInteger whole = new AtomicInteger();
    private ScriptedUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        upstream = ScriptedUpstream.start((request, call) -> {
            whole.incrementAndGet();
            call.json(200, "{}");
        });
        gateway = TestGateway.inFrontOf(upstream, POLICY);
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    @Test
    void everythingInTheTableOfEvasionsIsRefused() throws Exception {
        List<String> refused = Files.readAllLines(TABLES.resolve("prompts-refused.txt"));
        assertThat(refused).hasSizeGreaterThanOrEqualTo(60);
        for (String body : refused) {
            RawCaller.Answer answer = ask(body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.head()).as(body).contains("x-ms-error-code: content_filter");
            assertThat(answer.body()).as(body).contains("\"filtered\":true");
        }
        assertThat(whole).as("no upstream has seen any of it").hasValue(0);
    }

    @Test
    void everyNearMissPasses() throws Exception {
        List<String> passed = Files.readAllLines(TABLES.resolve("prompts-passed.txt"));
        assertThat(passed).hasSizeGreaterThanOrEqualTo(60);
        for (String body : passed) {
            assertThat(ask(body).status()).as(body).isEqualTo(200);
            assertThat(upstream.next().body()).as("byte for byte").isEqualTo(sent(body));
        }
    }

    @Test
    void wordsAreFoundWhereverTheBodyIsSplitIntoChunks() throws Exception {
        String body = latin1("{\"model\":\"gpt\",\"messages\":[{\"content\":\"x 坏\\u8bcd y\"}]}");
        for (int split = 1; split < body.length(); split++) {
            try (RawCaller caller = new RawCaller(gateway.port())) {
                caller.send(chunkedHead());
                caller.send(chunk(body.substring(0, split)));
                Thread.sleep(2);
                caller.send(chunk(body.substring(split)) + "0\r\n\r\n");
                assertThat(caller.read().status()).as("split at %d", split).isEqualTo(400);
            }
        }
        assertThat(whole).hasValue(0);
    }

    @Test
    void aRefusalSaysWhatWasFoundAsTheAzureClientsReadIt() throws Exception {
        RawCaller.Answer answer = ask("{\"model\":\"gpt\",\"stream\":true,\"messages\":[{\"content\":\"blockme\"}]}");
        assertThat(answer.head()).contains("content-type: application/json");
        assertThat(answer.body())
                .contains("\"code\":\"content_filter\"", "\"type\":\"invalid_request_error\"", "\"param\":\"prompt\"")
                .contains("\"status\":400,\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"")
                .contains("\"content_filter_result\":{\"custom_blocklists\":{\"filtered\":true,"
                        + "\"details\":[{\"filtered\":true,\"id\":\"words\"}]}}");
    }

    @Test
    void aLargeBodyIsRefusedAndItsUpstreamNeverSeesTheEnd() throws Exception {
        String text = "harmless words ".repeat(20_000);
        assertThat(ask("{\"model\":\"gpt\",\"messages\":[{\"content\":\"" + text + " blockme\"}]}")
                        .status())
                .isEqualTo(400);
        assertThat(ask("{\"model\":\"gpt\",\"messages\":[{\"content\":\"blockme " + text + "\"}]}")
                        .status())
                .isEqualTo(400);
        await().untilAsserted(() -> assertThat(gateway.server().heldBytes()).isZero());
        assertThat(whole).hasValue(0);
    }

    @Test
    void whatIsMaskedReachesTheUpstreamAsAsterisksInSmallAndInLargeBodies() throws Exception {
        for (int words : new int[] {0, 10, 1_000, 50_000}) {
            String text = "word ".repeat(words);
            String body = "{\"messages\":[{\"content\":\"" + text + "to ada@example.com and \\u0061@b.org" + text
                    + "\"},{\"content\":\"c@d.example\"}],\"model\":\"gpt\"}";
            assertThat(ask(body).status()).as("%d words", words).isEqualTo(200);
            String expected = body.replace("ada@example.com", "*".repeat(15))
                    .replace("\\u0061@b.orgword", "*".repeat(16))
                    .replace("\\u0061@b.org\"", "*".repeat(12) + "\"")
                    .replace("c@d.example", "*".repeat(11));
            assertThat(upstream.next().body().equals(expected.replace("gpt", "upstream-model")))
                    .as("%d words", words)
                    .isTrue();
        }
        await().untilAsserted(() -> assertThat(gateway.server().heldBytes()).isZero());
    }

    @Test
    void aCallerThatLeavesWhileSomethingIsHeldLeavesNothingBehind() throws Exception {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            caller.send(chunkedHead() + chunk("{\"model\":\"gpt\",\"messages\":[{\"content\":\"to ada@example"));
            await().untilAsserted(() -> assertThat(gateway.server().heldBytes()).isPositive());
        }
        await().untilAsserted(() -> assertThat(gateway.server().heldBytes()).isZero());
        assertThat(whole).hasValue(0);
    }

    @Test
    void aDeploymentWithoutAPolicyPassesEverything() throws Exception {
        try (TestGateway open = TestGateway.inFrontOf(upstream);
                RawCaller caller = new RawCaller(open.port())) {
            assertThat(caller.chat("{\"model\":\"gpt\",\"prompt\":\"blockme\"}")
                            .read()
                            .status())
                    .isEqualTo(200);
        }
    }

    private RawCaller.Answer ask(String body) throws IOException {
        try (RawCaller caller = new RawCaller(gateway.port())) {
            return caller.chat(latin1(body)).read();
        }
    }

    private static String sent(String body) {
        return body.replaceFirst("\"gpt\"", "\"upstream-model\"");
    }

    private static String latin1(String body) {
        return new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String chunkedHead() {
        return "POST /openai/v1/chat/completions HTTP/1.1\r\nhost: a\r\napi-key: " + TestGateway.KEY
                + "\r\ntransfer-encoding: chunked\r\n\r\n";
    }

    private static String chunk(String bytes) {
        return Integer.toHexString(bytes.length()) + "\r\n" + bytes + "\r\n";
    }
}
