package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import headgate.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code headgate quota show}, as an operator types it beside a running gateway. */
class QuotaCommandJourneyTest {
    private static final String TOKEN = "token: " + AdminGateway.TOKEN;
    private static final String LIMITS = "rateLimits: { perPrincipal: { requestsPerMinute: 7, tokensPerDay: 100 } }";

    private final Path directory;
    private final CountDownLatch answers = new CountDownLatch(1);

    QuotaCommandJourneyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void whatIsUsedAndReservedIsPrintedAndThenOnlyUsed() throws Exception {
        try (AdminGateway gateway = new AdminGateway(TOKEN, this::answer, LIMITS)) {
            Path file = file(gateway.adminPort(), TOKEN);
            assertThat(show(file).out()).isEqualTo("No limit is in use.\n");
            gateway.caller.chat(LimitedGateway.chat(40, "\"max_tokens\":20,"));
            gateway.upstream.next();

            assertThat(rows(show(file)))
                    .containsExactly(
                            "DEPLOYMENT PRINCIPAL UNIT LIMIT USED RESERVED LEASED LEFT FREE IN",
                            "* caller requests 7 1 1 0 6 61 s",
                            "* caller tokens_per_day 100 30 30 0 70 25 h");

            answers.countDown();
            assertThat(gateway.caller.read().status()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(rows(show(file)))
                    .last()
                    .asString()
                    .startsWith("* caller tokens_per_day 100 12 0 0 88 "));
        }
    }

    @Test
    void oneDeploymentOrCallerCanBeAskedForAndJsonToo() throws Exception {
        answers.countDown();
        try (AdminGateway gateway = new AdminGateway("", this::answer, LIMITS)) {
            gateway.caller.chat(LimitedGateway.chat(40, "")).read();
            Path file = file(gateway.adminPort(), "");
            assertThat(rows(show(file, "--principal", "caller"))).hasSize(3);
            assertThat(show(file, "--principal", "nobody else").out()).isEqualTo("No limit is in use.\n");
            assertThat(show(file, "--deployment", "gpt").out()).isEqualTo("No limit is in use.\n");
            assertThat(show(file, "--json").out())
                    .startsWith("{\"limits\":[{\"principal\":\"caller\",\"unit\":\"requests\",\"limit\":7,\"used\":1,")
                    .contains("\"reserved\":", "\"leased\":0,\"left\":6,\"freeSeconds\":");
            assertThat(show(file(1, ""), "--admin", "http://127.0.0.1:" + gateway.adminPort())
                            .code())
                    .as("asked elsewhere")
                    .isZero();
        }
    }

    @Test
    void whatWasBorrowedFromRedisIsTold() throws Exception {
        try (RedisServer redis = new RedisServer();
                AdminGateway gateway = new AdminGateway(
                        "",
                        this::answer,
                        "state: { redis: \"" + redis.url() + "\", " + LimitedNodes.DEADLINE + " }",
                        "rateLimits: { perPrincipal: { concurrent: 32 } }")) {
            Path file = file(gateway.adminPort(), "");
            List<RawCaller> callers = new ArrayList<>();
            await("somebody begins, and two more are borrowed with that").until(() -> {
                RawCaller caller = new RawCaller(gateway.gateway.port());
                callers.add(caller.chat(LimitedGateway.chat(4, "")));
                return last(file).matches("\\* caller concurrent 32 ([0-9]+) \\1 2 [0-9]+ 0 s");
            });
            await("they are given back")
                    .until(() -> last(file).matches("\\* caller concurrent 32 ([0-9]+) \\1 0 [0-9]+ 0 s"));
            answers.countDown();
            for (RawCaller caller : callers) {
                caller.close();
            }
        }
    }

    @Test
    void aListenerThatWantsACertificateIsShownOne() throws Exception {
        TlsGround ground = new TlsGround(directory);
        ground.write("gateway", "gateway", "localhost");
        ground.write("operator", "operator");
        String tls = "tls: { certificate: \"DIR/gateway.crt\", key: \"DIR/gateway.key\", ca: \"DIR/ca.pem\" }"
                .replace("DIR", directory.toString());
        try (AdminGateway gateway = new AdminGateway(tls)) {
            Path file = file(gateway.adminPort(), tls);
            String at = "https://localhost:" + gateway.adminPort();
            String certificate = directory.resolve("operator.crt").toString();
            String key = directory.resolve("operator.key").toString();
            assertFails(show(file, "--admin", at), "no gateway answers at " + at);
            assertFails(
                    show(file, "--admin", at, "--certificate", certificate), "--certificate and --key belong together");
            KeyNodes.Said said = show(file, "--admin", at, "--certificate", certificate, "--key", key);
            assertThat(said.errors()).isEmpty();
            assertThat(said.out()).isEqualTo("No limit is in use.\n");
        }
    }

    @Test
    void whoCannotBeAskedIsSaid() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertFails(show(file(free, "")), "no gateway answers at http://127.0.0.1:" + free);
        assertFails(show(file(0, "")), "say where it is with --admin");
        Path off = Files.writeString(
                directory.resolve("off.yaml"), "admin: off\ndeployments: { d: { upstreams: [{ url: http://h }] } }");
        assertFails(show(off), "the configuration has `admin: off`");
        try (AdminGateway gateway = new AdminGateway(TOKEN)) {
            assertFails(show(file(gateway.adminPort(), "")), "it says 401");
            Path file = file(gateway.adminPort(), TOKEN);
            assertFails(show(file, "--admin", "http://127.0.0.1:" + gateway.gateway.port()), "it says 404");
            assertFails(show(file, "--admin", gateway.upstream.url()), "is not the admin listener");
        }
        assertThat(KeyNodes.run("quota").errors()).contains("show");
    }

    private static void assertFails(KeyNodes.Said said, String why) {
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.errors()).startsWith("headgate: ").contains(why);
    }

    private void answer(ScriptedUpstream.Request request, ScriptedUpstream.Call call) throws IOException {
        try {
            answers.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        call.json(200, LimitedGateway.usage(10, 2));
    }

    private Path file(int port, String admin) throws IOException {
        return Files.writeString(directory.resolve("shown.yaml"), """
                        admin: { listen: "127.0.0.1:%d", %s }
                        deployments: { d: { upstreams: [{ url: http://h }] } }
                        """.formatted(port, admin));
    }

    private static KeyNodes.Said show(Path file, String... more) {
        List<String> arguments = new ArrayList<>(List.of("quota", "show", file.toString()));
        arguments.addAll(List.of(more));
        return KeyNodes.run(arguments.toArray(String[]::new));
    }

    private static String last(Path file) {
        List<String> rows = rows(show(file));
        return rows.isEmpty() ? "" : rows.get(rows.size() - 1);
    }

    private static List<String> rows(KeyNodes.Said said) {
        assertThat(said.code()).as(said.errors()).isZero();
        return said.out().lines().map(row -> row.strip().replaceAll(" +", " ")).toList();
    }
}
