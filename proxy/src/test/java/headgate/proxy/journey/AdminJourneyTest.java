package headgate.proxy.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import headgate.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminJourneyTest {
    private static final String BEARER = "authorization: Bearer ";

    @Test
    void it_lives_and_is_ready_once_the_listeners_are_up() throws Exception {
        try (AdminGateway admin = new AdminGateway("")) {
            assertThat(admin.get("/livez").status()).isEqualTo(200);
            assertThat(admin.get("/readyz").status()).isEqualTo(200);
            assertThat(admin.get("/readyz").body()).isEqualTo("{\"ready\":true,\"reasons\":[]}");
        }
    }

    @Test
    void it_is_not_ready_while_it_drains_and_says_so() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        AdminGateway admin = new AdminGateway("", (request, call) -> {
            answered.await();
            call.json(200, "{}");
        });
        try (RawCaller caller = admin.caller;
                ScriptedUpstream upstream = admin.upstream) {
            caller.chat(Upstreams.BODY);
            await().until(() -> upstream.waiting() > 0);
            CompletableFuture<Boolean> drained =
                    CompletableFuture.supplyAsync(() -> admin.gateway.server().stop(Duration.ofSeconds(20)));
            await().untilAsserted(() -> {
                assertThat(admin.get("/readyz").status()).isEqualTo(503);
                assertThat(admin.get("/readyz").body()).contains("\"ready\":false", "draining");
                assertThat(admin.get("/livez").status()).as("it still lives").isEqualTo(200);
            });
            answered.countDown();
            assertThat(caller.read().status()).isEqualTo(200);
            assertThat(drained.join()).isTrue();
        }
    }

    @Test
    void without_redis_it_is_ready_and_says_that_redis_is_away() throws Exception {
        RedisServer redis = new RedisServer();
        try (AdminGateway admin = new AdminGateway(
                "",
                (request, call) -> call.json(200, "{}"),
                "state: { redis: \"" + redis.url() + "\", deadline: 200ms }")) {
            await().untilAsserted(() -> assertThat(admin.get("/readyz").body()).doesNotContain("Redis"));
            redis.close();
            await().untilAsserted(() -> assertThat(admin.get("/readyz").body()).contains("Redis is away"));
            assertThat(admin.get("/readyz").status()).isEqualTo(200);
        }
    }

    @Test
    void the_quota_tells_every_limit_that_is_in_use() throws Exception {
        try (AdminGateway admin = new AdminGateway(
                "",
                (request, call) -> call.json(200, "{}"),
                "rateLimits: { principals: { caller: { requestsPerMinute: 7 } } }")) {
            assertThat(admin.get("/quota").body()).isEqualTo("{\"limits\":[]}");
            assertThat(admin.caller.chat(Upstreams.BODY).read().status()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(admin.get("/quota").body())
                    .contains(
                            "\"principal\":\"caller\"",
                            "\"unit\":\"requests\",\"limit\":7,\"used\":1,\"reserved\":0,\"leased\":0,\"left\":6",
                            "\"refused\":0"));
        }
    }

    @Test
    void with_a_token_only_probes_are_answered_without_it() throws Exception {
        try (AdminGateway admin = new AdminGateway("token: " + AdminGateway.TOKEN)) {
            String basic = Base64.getEncoder()
                    .encodeToString(("me:" + AdminGateway.TOKEN).getBytes(StandardCharsets.US_ASCII));

            assertThat(admin.get("/livez").status()).isEqualTo(200);
            assertThat(admin.get("/readyz").status()).isEqualTo(200);
            assertThat(admin.get("/quota").status()).isEqualTo(401);
            assertThat(admin.get("/quota").field("www-authenticate")).startsWith("Basic");
            assertThat(admin.get("/nowhere").status())
                    .as("strangers do not learn which pages there are")
                    .isEqualTo(401);
            assertThat(admin.get("/quota", BEARER + AdminGateway.TOKEN).status())
                    .isEqualTo(200);
            assertThat(admin.get("/quota", "authorization: Basic " + basic).status())
                    .as("what a browser sends")
                    .isEqualTo(200);
            for (String wrong : List.of(
                    BEARER,
                    BEARER + AdminGateway.TOKEN + "x",
                    BEARER + AdminGateway.TOKEN.substring(1),
                    "authorization: Basic !",
                    "authorization: " + AdminGateway.TOKEN)) {
                assertThat(admin.get("/quota", wrong).status()).as(wrong).isEqualTo(401);
            }
        }
    }

    @Test
    void a_page_in_a_browser_cannot_ask_it_for_somebody_else() throws Exception {
        try (AdminGateway admin = new AdminGateway("")) {
            int port = admin.adminPort();
            for (String own : List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port, "127.0.0.1")) {
                try (RawCaller operator = admin.operator()) {
                    assertThat(operator.send(AdminGateway.request("GET", "/livez", own))
                                    .read()
                                    .status())
                            .as(own)
                            .isEqualTo(200);
                }
            }
            for (String foreign :
                    List.of("rebound.example:" + port, "127.0.0.1.example", "", "[", "localhost.example")) {
                try (RawCaller operator = admin.operator()) {
                    assertThat(operator.send(AdminGateway.request("GET", "/quota", foreign))
                                    .read()
                                    .status())
                            .as("a name that was made to point here: " + foreign)
                            .isEqualTo(403);
                }
            }
            assertThat(admin.get("/quota", "origin: http://page.example").status())
                    .isEqualTo(403);
            assertThat(admin.get("/quota", "origin: null").status()).isEqualTo(403);
            assertThat(admin.get("/quota", "origin: http://127.0.0.1:" + port).status())
                    .isEqualTo(200);
            assertThat(admin.get("/quota").head().toLowerCase(Locale.ROOT)).doesNotContain("access-control");
        }
    }

    @Test
    void unknown_pages_and_wrong_methods_are_told_apart() throws Exception {
        try (AdminGateway admin = new AdminGateway("")) {
            assertThat(admin.get("/nowhere").status()).isEqualTo(404);
            assertThat(admin.ask("POST", "/livez", "content-length: 0").status())
                    .isEqualTo(405);
            assertThat(admin.ask("POST", "/livez", "content-length: 0").field("allow"))
                    .isEqualTo("GET, HEAD");
            try (RawCaller operator = admin.operator()) {
                operator.send(AdminGateway.request("HEAD", "/livez", "localhost"));
                assertThat(operator.readHead()).contains("200 OK", "content-length: 10");
                operator.send(AdminGateway.request("GET", "/livez?verbose", "localhost"));
                assertThat(operator.read().body())
                        .as("nothing came behind the head")
                        .isEqualTo("It lives.\n");
            }
        }
    }

    @Test
    void what_is_sent_ahead_is_answered_in_order() throws Exception {
        try (AdminGateway admin = new AdminGateway("");
                RawCaller operator = admin.operator()) {
            operator.send(AdminGateway.request("GET", "/livez", "localhost")
                    + AdminGateway.request("GET", "/nowhere", "localhost")
                    + AdminGateway.request("GET", "/readyz", "localhost", "connection: close"));
            assertThat(operator.read().status()).isEqualTo(200);
            assertThat(operator.read().status()).isEqualTo(404);
            assertThat(operator.read().body()).contains("ready");
            assertThat(operator.closedWithin(30_000)).isTrue();
        }
    }

    @Test
    void bodies_heads_and_connections_have_bounds() throws Exception {
        try (AdminGateway admin = new AdminGateway(
                "connections: 2, bodyBytes: 1KiB",
                (request, call) -> call.json(200, "{}"),
                "limits: { headerTime: 1h }")) {
            assertThat(admin.ask("POST", "/livez", "content-length: 1025").status())
                    .isEqualTo(413);
            assertThat(admin.get("/livez", "x: " + "y".repeat(20_000)).status()).isIn(400, 431);
            try (RawCaller first = admin.operator();
                    RawCaller second = admin.operator();
                    RawCaller third = admin.operator()) {
                first.send(AdminGateway.request("GET", "/livez", "localhost"));
                assertThat(first.read().status()).isEqualTo(200);
                second.send(AdminGateway.request("GET", "/livez", "localhost"));
                assertThat(second.read().status()).isEqualTo(200);
                assertThat(third.closedWithin(30_000)).as("one above the bound").isTrue();
            }
        }
    }

    @Test
    void who_trickles_bytes_holds_no_connection() throws Exception {
        try (AdminGateway admin = new AdminGateway(
                "connections: 1", (request, call) -> call.json(200, "{}"), "limits: { headerTime: 300ms }")) {
            for (String begun : List.of(
                    "", "GET /livez HT", "POST /livez HTTP/1.1\r\nhost: localhost\r\ncontent-length: 900\r\n\r\n")) {
                try (RawCaller stranger = admin.operator()) {
                    stranger.send(begun);
                    await().pollInterval(Duration.ofMillis(20)).until(() -> trickled(stranger));
                }
                await().ignoreExceptions()
                        .untilAsserted(
                                () -> assertThat(admin.get("/livez").status()).isEqualTo(200));
            }
        }
    }

    /** One byte more; whether the connection has ended. */
    private static boolean trickled(RawCaller stranger) {
        try {
            stranger.send("x");
            return stranger.closedWithin(1);
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void a_query_that_is_not_one_is_refused() throws Exception {
        try (AdminGateway admin = new AdminGateway("");
                RawCaller operator = admin.operator()) {
            for (String page : List.of("/quota?deployment=%zz", "/explain?id=%z", "/livez?%")) {
                operator.send(AdminGateway.request("GET", page, "localhost"));
                assertThat(operator.read().status()).as(page).isEqualTo(400);
            }
            operator.send(AdminGateway.request("GET", "/quota?deployment=%41", "localhost"));
            assertThat(operator.read().status()).as("on the same connection").isEqualTo(200);
        }
    }

    @Test
    void an_address_that_is_taken_is_an_error_that_names_it() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedUpstream upstream = ScriptedUpstream.start((request, call) -> call.json(200, "{}"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> TestGateway.inFrontOf(upstream, "admin: { listen: \"" + address + "\" }")
                            .close())
                    .hasMessageContaining("cannot listen on " + address);
        }
    }

    @Test
    void mutual_tls_takes_the_place_of_a_token(@TempDir Path directory) throws Exception {
        TlsGround ground = new TlsGround(directory);
        ground.write("gateway", "gateway", "localhost");
        String tls = "tls: { certificate: \"DIR/gateway.crt\", key: \"DIR/gateway.key\", ca: \"DIR/ca.pem\" }"
                .replace("DIR", directory.toString());
        try (AdminGateway admin = new AdminGateway(tls)) {
            try (RawCaller operator = new RawCaller(
                    TlsGround.connect(ground.callers(ground.issue("CN=operator")), admin.adminPort(), "localhost"))) {
                operator.send(AdminGateway.request("GET", "/quota", "admin.example"));
                assertThat(operator.read().status()).isEqualTo(200);
            }
            assertThatThrownBy(() -> {
                        try (RawCaller stranger = new RawCaller(
                                TlsGround.connect(ground.callers(null), admin.adminPort(), "localhost"))) {
                            stranger.send(AdminGateway.request("GET", "/livez", "localhost"))
                                    .read();
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }
}
