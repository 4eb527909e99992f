package headgate.filters.token;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.Principal;
import headgate.filters.token.RememberedTokens.Hash;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What was verified is remembered, within its bound, for as long as it is true. */
final class RememberedTokensTest {
    private static final Principal CALLER = new Principal("caller", List.of());

    private final IssuerKey key = new IssuerKey(Map.of());
    private final RememberedTokens tokens = new RememberedTokens(10);

    private static Hash hash(String token) {
        return Hash.of(Forge.bytes(token));
    }

    @Test
    void aTokenIsKnownUntilItExpires() {
        tokens.add(hash("a"), CALLER, key, 1000);
        assertThat(tokens.find(hash("a"), 999)).isSameAs(CALLER);
        assertThat(tokens.find(hash("b"), 999)).isNull();
        assertThat(tokens.find(hash("a"), 1000)).isNull();
        assertThat(tokens.size()).as("and is forgotten then").isZero();
    }

    @Test
    void aTokenGoesWithItsKey() {
        tokens.add(hash("a"), CALLER, key, 1000);
        key.retire();
        assertThat(tokens.find(hash("a"), 1)).isNull();
    }

    @Test
    void thereAreNeverMoreThanTheBound() {
        for (int i = 0; i < 1000; i++) {
            tokens.add(hash("t" + i), CALLER, key, 1000);
            assertThat(tokens.size()).isLessThanOrEqualTo(10);
        }
        assertThat(tokens.find(hash("t999"), 1)).isSameAs(CALLER);
        assertThat(tokens.find(hash("t0"), 1)).isNull();
    }

    @Test
    void whoeverIsAskedForStays() {
        tokens.add(hash("kept"), CALLER, key, 1000);
        for (int i = 0; i < 1000; i++) {
            tokens.add(hash("t" + i), CALLER, key, 1000);
            assertThat(tokens.find(hash("kept"), 1)).as("after %d others", i).isSameAs(CALLER);
        }
    }

    @Test
    void nothingIsRememberedWhereTheBoundIsZero() {
        RememberedTokens none = new RememberedTokens(0);
        none.add(hash("a"), CALLER, key, 1000);
        assertThat(none.find(hash("a"), 1)).isNull();
    }

    @Test
    void aTokenThatIsVerifiedOnceCostsNoSignatureAgain() {
        try (TokenCheck check = new TokenCheck()) {
            Principal first = Objects.requireNonNull(check.identify(Forge.bytes(Forge.good())));
            assertThat(check.identify(Forge.bytes(Forge.good())))
                    .as("the same object, which only a token that is not read again can give")
                    .isSameAs(first);
        }
    }
}
