package headgate.filters.identity;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.Configured;
import headgate.filters.Exchange;
import headgate.filters.ExchangeProbe;
import headgate.filters.HeldBytes;
import headgate.filters.Principal;
import headgate.filters.api.ProxyError;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who calls, by any of three fields. */
final class IdentityHandlerTest {
    private static final String KEY = "a-key-of-the-caller";

    private final FailedAttempts failures = new FailedAttempts(100);
    private final KeyIdentifier keys =
            new KeyIdentifier(Configured.with("d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] }"), failures, null);
    private final EmbeddedChannel channel = new EmbeddedChannel(new IdentityHandler(
            () -> keys,
            failures,
            new HeldBytes(Configured.with("d: { upstreams: [{ url: \"http://127.0.0.1:1\" }] }")
                    .limits()),
            1024));
    private final ExchangeProbe probe = ExchangeProbe.on(channel);

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api-key: " + KEY,
                "API-Key:" + KEY,
                "Ocp-Apim-Subscription-Key: " + KEY,
                "Authorization: Bearer " + KEY,
                "authorization: bEaReR " + KEY,
                "authorization: Bearer   " + KEY,
                "authorization: " + KEY,
                "api-key: Bearer " + KEY,
                "api-key: its-other-key",
                "api-key: wrong\r\nauthorization: Bearer " + KEY,
                "authorization: Basic eDp5\r\napi-key: " + KEY,
                "api-key: wrong\r\napi-key: " + KEY,
                "authorization: Bearer wrong\r\nocp-apim-subscription-key: " + KEY,
            })
    void anyValidKeyInAnyFieldIsEnough(String fields) {
        Exchange exchange = open(fields);
        assertThat(exchange.principal()).isEqualTo(new Principal("caller", List.of("key:caller")));
        assertThat(channel.inboundMessages()).containsExactly(exchange);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x: y",
                "api-key:",
                "api-key: wrong",
                "api-key: a-key-of-the-calle",
                "api-key: a-key-of-the-callerx",
                "api-key: A-KEY-OF-THE-CALLER",
                "authorization: Bearer",
                "authorization: Bearer ",
                "authorization: Bearer" + KEY,
                "authorization: Basic " + KEY,
                "authorization: Bearer Bearer " + KEY,
                "cookie: api-key=" + KEY,
                "x-api-key: " + KEY,
                "api-key: \u00ff\u0080\u00e4",
                "api-key: ????????",
            })
    void nobodyElsePasses(String fields) {
        Exchange exchange = open(fields);
        assertThat(exchange.principal()).isNull();
        assertThat(probe.errors()).singleElement().satisfies(IdentityHandlerTest::isInvalidKey);
        assertThat(channel.inboundMessages()).isEmpty();
    }

    @Test
    void aVeryLongCredentialIsJustAWrongOne() {
        open("api-key: " + KEY.repeat(2000));
        assertThat(probe.errors()).hasSize(1);
    }

    @Test
    void principalsAreToldApart() {
        assertThat(open("api-key: a-key-of-another").principal())
                .isEqualTo(new Principal("other", List.of("key:other")));
    }

    @Test
    void whateverStandsInTheFieldsOnlyAKeyIsOne() {
        long seed = 7;
        Random random = new Random(seed);
        String[] pieces = {KEY, "Bearer", "bearer ", " ", "\t", "Basic", ",", "=", KEY.substring(1), "\u00ff", "x"};
        String[] names = {"api-key", "Authorization", "ocp-apim-subscription-key"};
        for (int i = 0; i < 3000; i++) {
            StringBuilder value = new StringBuilder();
            for (int n = random.nextInt(5); n > 0; n--) {
                value.append(pieces[random.nextInt(pieces.length)]);
            }
            Exchange exchange = open(names[random.nextInt(names.length)] + ": " + value);
            String bare = value.toString().replaceAll("^[ \t]+|[ \t]+$", "");
            boolean good = bare.equals(KEY) || bare.matches("(?i:bearer) +" + KEY);
            assertThat(exchange.principal() != null)
                    .as("seed %d, value %d: <%s>", seed, i, value)
                    .isEqualTo(good);
            if (good) {
                probe.end();
            }
        }
    }

    private Exchange open(String fields) {
        Exchange exchange = probe.exchange("POST /openai/v1/chat/completions", fields);
        channel.writeInbound(exchange);
        return exchange;
    }

    private static void isInvalidKey(ProxyError error) {
        assertThat(error.kind()).isEqualTo(ProxyError.Kind.INVALID_KEY);
        assertThat(error.status()).isEqualTo(401);
        assertThat(error.getMessage())
                .startsWith("Access denied due to invalid subscription key or wrong API endpoint.");
    }
}
