package headgate.filters.token;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.Principal;
import headgate.filters.api.ErrorReply;
import headgate.filters.api.ProxyError;
import headgate.filters.api.Surface;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that nobody should take: each is refused for its own reason, and to the caller they are all the same. */
final class ForgedTokensTest {
    private static final String REFUSAL = "Unauthorized. Access token is missing, invalid, audience is incorrect"
            + " (https://cognitiveservices.azure.com), or have expired.";

    private final TokenCheck check = new TokenCheck();

    @AfterEach
    void close() {
        check.close();
    }

    static List<ForgedTokens.Forged> forged() {
        return ForgedTokens.all();
    }

    @Test
    void whatTheTableStartsFromIsGood() {
        assertThat(check.fault(Forge.bytes(Forge.good()))).isNull();
        assertThat(check.identify(Forge.bytes(Forge.good())))
                .isEqualTo(new Principal(
                        "app:an-app",
                        List.of(
                                "app:an-app",
                                "oid:an-object",
                                "group:a-group",
                                "role:a-role",
                                "tenant:" + Forge.TENANT)));
    }

    @ParameterizedTest
    @MethodSource("forged")
    void eachIsRefusedForItsOwnReasonAndToTheCallerAllAreTheSame(ForgedTokens.Forged forged) {
        assertThat(check.fault(forged.token())).isEqualTo(forged.fault());
        assertThat(check.identify(forged.token())).isNull();
        ProxyError refusal = Objects.requireNonNull(check.refusal());
        assertThat(refusal.kind()).isEqualTo(ProxyError.Kind.INVALID_TOKEN);
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.fields()).singleElement().satisfies(field -> {
            assertThat(field.name()).hasToString("www-authenticate");
            assertThat(field.value()).hasToString("Bearer");
        });
        assertThat(new String(ErrorReply.body(refusal, Surface.MODELS), StandardCharsets.UTF_8))
                .isEqualTo("{\"statusCode\":401,\"message\":\"" + REFUSAL
                        + "\",\"error\":{\"code\":\"401\",\"message\":\"" + REFUSAL + "\"}}");
    }

    @Test
    void theTableHasEveryReason() {
        Set<TokenFault> reasons =
                forged().stream().map(ForgedTokens.Forged::fault).collect(Collectors.toSet());
        Set<TokenFault> missing = EnumSet.allOf(TokenFault.class);
        missing.removeAll(reasons);
        assertThat(missing)
                .as("but for the one that is left to the keys, since it does not even look like a token")
                .containsExactly(TokenFault.NOT_THREE_PARTS);
        assertThat(check.fault(Forge.bytes("a.b"))).isEqualTo(TokenFault.NOT_THREE_PARTS);
    }

    @Test
    void aMutatedTokenIsNeverTakenAndNeverADefect() {
        byte[] good = Forge.bytes(Forge.good());
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            byte[] mutated = TokenMutations.ofText(good, random);
            assertThat(check.fault(mutated) == null)
                    .as("seed %d, round %d: %s", seed, i, new String(mutated, StandardCharsets.ISO_8859_1))
                    .isEqualTo(java.util.Arrays.equals(mutated, good));
        }
    }

    @Test
    void whateverIsSignedIsTakenOrRefusedAndNeverADefect() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] header = random.nextInt(4) == 0
                    ? TokenMutations.ofText(Forge.bytes(Forge.HEADER), random)
                    : Forge.bytes(Forge.HEADER);
            byte[] claims = TokenMutations.ofText(Forge.bytes(Forge.CLAIMS), random);
            String token = Forge.signed(header, claims);
            boolean good = check.fault(Forge.bytes(token)) == null;
            assertThat(check.identify(Forge.bytes(token)) != null)
                    .as("seed %d, round %d: %s", seed, i, token)
                    .isEqualTo(good);
        }
    }
}
