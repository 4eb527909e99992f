package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.filters.quota.QuotaStanding;
import headgate.filters.quota.QuotaUnit;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A gateway with a limited deployment {@code gpt} and one caller; its minutes pass when the test says so. */
final class LimitedGateway implements AutoCloseable {
    static final String OTHER_KEY = "a-key-of-another-caller";

    final ScriptedUpstream upstream;
    final TestGateway gateway;
    final RawCaller caller;

    private final AtomicLong nanos = new AtomicLong();

    /**
     * Sets it up.
     *
     * @param deployment what the deployment says beside its upstream, in flow style
     * @param rateLimits what callers may use of all deployments, in flow style
     */
    LimitedGateway(String deployment, String rateLimits, ScriptedUpstream.Script script) throws IOException {
        upstream = ScriptedUpstream.start(script);
        gateway = TestGateway.start(
                """
                listen: 127.0.0.1:0
                accessLog: off
                keys: { caller: %s, other: %s }
                rateLimits: { %s }
                limits: { heldBytes: 64KiB }
                deployments:
                  gpt: { model: gpt-4o, upstreams: [{ url: "%s/v1" }], %s }
                """.formatted(TestGateway.KEY, OTHER_KEY, rateLimits, upstream.url(), deployment), nanos::get);
        caller = new RawCaller(gateway.port());
    }

    LimitedGateway(String deployment, ScriptedUpstream.Script script) throws IOException {
        this(deployment, "", script);
    }

    /** A script that answers everything with a chat that used so many tokens. */
    static ScriptedUpstream.Script used(int prompt, int completion) {
        return (request, call) -> call.json(200, usage(prompt, completion));
    }

    static String usage(int prompt, int completion) {
        return "{\"choices\":[{\"message\":{\"content\":\"Hello\"}}],\"usage\":{\"prompt_tokens\":" + prompt
                + ",\"completion_tokens\":" + completion + ",\"total_tokens\":" + (prompt + completion) + "}}";
    }

    /** A chat whose prompt has so many characters. */
    static String chat(int characters, String more) {
        return "{\"model\":\"gpt\"," + more + "\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(characters)
                + "\"}]}";
    }

    RawCaller.Answer ask() throws IOException {
        return caller.chat(Upstreams.BODY).read();
    }

    RawCaller.Answer ask(int characters, String more) throws IOException {
        return caller.chat(chat(characters, more)).read();
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    void passMs(String ms) {
        pass(Duration.ofMillis(Long.parseLong(ms)));
    }

    /** What counts in the deployment's own limit. */
    long used(QuotaUnit unit) {
        return gateway.server().quotas().stream()
                .filter(at -> at.deployment().equals("gpt") && at.principal().isEmpty() && at.unit() == unit)
                .mapToLong(QuotaStanding::used)
                .sum();
    }

    /** Expects that exactly this is counted once all is settled. */
    void expectUsed(long requests, long tokens) {
        await().untilAsserted(() -> {
            assertThat(used(QuotaUnit.CONCURRENT)).as("in progress").isZero();
            assertThat(used(QuotaUnit.REQUESTS)).as("requests").isEqualTo(requests);
            assertThat(used(QuotaUnit.TOKENS)).as("tokens").isEqualTo(tokens);
        });
    }

    /** Expects that this is counted soon: an answer is read before the gateway has settled it. */
    void expectUsed(QuotaUnit unit, long amount) {
        await().untilAsserted(() -> assertThat(used(unit)).isEqualTo(amount));
    }

    @Override
    public void close() throws IOException {
        caller.close();
        gateway.close();
        upstream.close();
    }
}
