package headgate.filters.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.RSAKey;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an issuer publishes becomes its keys, or nothing. */
final class IssuerKeysTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                          | NOT_JSON",
                "[]                                                          | NOT_JSON",
                "{}                                                          | NOT_JSON",
                "{\"keys\":{}}                                               | NOT_JSON",
                "{\"keys\":[],\"keys\":[]}                                   | DUPLICATE_MEMBER",
                "{\"keys\":[[[[[[[[[]]]]]]]]]}                               | TOO_DEEP",
                "{\"keys\":[]}                                               | KEY_ILL_FORMED",
                "{\"keys\":[1,null,{},{\"kid\":\"a\"}]}                      | KEY_ILL_FORMED",
                "{\"keys\":[{\"kid\":\"a\",\"kty\":\"oct\",\"k\":\"AAAA\"}]} | KEY_ILL_FORMED",
            })
    void aDocumentWithoutAUsableKeyIsNotTaken(String document, TokenFault fault) {
        TokenException refused =
                catchThrowableOfType(TokenException.class, () -> IssuerKeys.parse(Forge.bytes(document)));
        assertThat(refused.fault()).isEqualTo(fault);
    }

    @Test
    void whatCannotBeUsedStandsInNobodysWay() {
        IssuerKeys keys = TokenCheck.parse(Forge.entraKeys());
        assertThat(require(keys, "key").usable()).isTrue();
        assertThat(require(keys, "short").usable()).isFalse();
        assertThat(require(keys, "future").usable()).isFalse();
        assertThat(keys.find("nobodys")).isNull();
    }

    @Test
    void aKeyThatStaysIsTheSameObjectAndOneThatGoesIsRetired() {
        IssuerKeys earlier = published(Forge.KEY, Forge.STRANGER);
        IssuerKey kept = require(earlier, "key");
        IssuerKey gone = require(earlier, "stranger");
        IssuerKeys now = published(Forge.KEY).replacing(earlier);
        assertThat(require(now, "key")).isSameAs(kept);
        assertThat(kept.retired()).isFalse();
        assertThat(now.find("stranger")).isNull();
        assertThat(gone.retired()).isTrue();
    }

    @Test
    void anotherKeyUnderTheSameNameTakesThePlaceOfTheFirst() {
        IssuerKeys earlier = published(Forge.KEY);
        IssuerKey old = require(earlier, "key");
        IssuerKeys now = published(
                        new RSAKey.Builder(Forge.STRANGER).keyID("key").build())
                .replacing(earlier);
        assertThat(old.retired()).isTrue();
        assertThat(require(now, "key").isSame(old)).isFalse();
    }

    @Test
    void ofTwoKeysUnderOneNameTheFirstCounts() {
        IssuerKeys keys = published(
                Forge.KEY, new RSAKey.Builder(Forge.STRANGER).keyID("key").build());
        assertThat(require(keys, "key").isSame(require(published(Forge.KEY), "key")))
                .isTrue();
    }

    private static IssuerKeys published(RSAKey... keys) {
        return TokenCheck.parse(Forge.keys(java.util.List.of(keys), ""));
    }

    private static IssuerKey require(IssuerKeys keys, String id) {
        return Objects.requireNonNull(keys.find(id), id);
    }
}
