package headgate.filters.token;

import static headgate.filters.token.Forge.CLAIMS;
import static headgate.filters.token.Forge.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import headgate.filters.Principal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are taken, up to each bound, and who their callers are. */
final class GoodTokensTest {
    private static final String OTHER_CLAIMS = "{\"iss\":\"" + Forge.OTHER
            + "\",\"aud\":\"headgate\",\"sub\":\"someone\",\"exp\":" + (Forge.NOW_S + 60) + "}";

    private final TokenCheck check = new TokenCheck();

    @AfterEach
    void close() {
        check.close();
    }

    private @Nullable TokenFault fault(String header, String claims) {
        return check.fault(Forge.bytes(Forge.signed(header, claims)));
    }

    private Principal principal(String claims) {
        return Objects.requireNonNull(check.identify(Forge.bytes(Forge.signed(HEADER, claims))), claims);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "at+jwt", "application/at+jwt"})
    void typesOfAccessTokensAreTaken(String type) {
        assertThat(fault(HEADER.replace("JWT", type), CLAIMS)).isNull();
    }

    @Test
    void aTypeAndTheTimesThatAreNotNeededMayBeMissing() {
        assertThat(fault(HEADER.replace("\"typ\":\"JWT\",", ""), CLAIMS)).isNull();
        assertThat(fault(HEADER, CLAIMS.replace("\"nbf\"", "\"x\"").replace("\"iat\"", "\"y\"")))
                .isNull();
    }

    @Test
    void theLeewayIsGivenAtBothEnds() {
        assertThat(fault(HEADER, CLAIMS.replaceFirst("\"exp\":\\d+", "\"exp\":" + (Forge.NOW_S - 30))))
                .isNull();
        assertThat(fault(HEADER, CLAIMS.replaceFirst("\"nbf\":\\d+", "\"nbf\":" + (Forge.NOW_S + 50) + ".5")))
                .isNull();
    }

    @Test
    void eachBoundMayBeReached() {
        assertThat(fault(HEADER.replace("}", ",\"x\":" + "[".repeat(7) + "]".repeat(7) + "}"), CLAIMS))
                .as("eight levels with the header's own")
                .isNull();
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 13; i++) {
            members.append(",\"m").append(i).append("\":1");
        }
        assertThat(fault(HEADER.replace("}", members + "}"), CLAIMS))
                .as("sixteen members")
                .isNull();
        String padded = CLAIMS.replace("{", "{\"x\":\"%s\",");
        int fixed = Forge.signed(HEADER, padded.formatted("")).length();
        String large = Forge.signed(HEADER, padded.formatted("x".repeat(((16 << 10) - fixed) * 3 / 4 - 3)));
        assertThat(large.length()).isBetween((16 << 10) - 8, 16 << 10);
        assertThat(check.fault(Forge.bytes(large))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "ES256, curve, SHA256withECDSAinP1363Format",
        "RS256, stranger, SHA256withRSA",
    })
    void otherAlgorithmsAreTakenWhereTheyAreConfigured(String name, String key, String algorithm) {
        String content =
                Forge.encode("{\"alg\":\"" + name + "\",\"kid\":\"" + key + "\"}") + "." + Forge.encode(OTHER_CLAIMS);
        String token = Forge.signed(
                content,
                algorithm,
                key.equals("curve") ? Forge.privateKey(Forge.CURVE) : Forge.privateKey(Forge.STRANGER));
        assertThat(check.fault(Forge.bytes(token))).isNull();
        assertThat(check.identify(Forge.bytes(token))).isEqualTo(new Principal("sub:someone", List.of("sub:someone")));
    }

    @Test
    void aUserIsKnownByItselfAndNotByItsApplication() {
        Principal user = principal(CLAIMS.replace("\"roles\":[\"a-role\"]", "\"scp\":\"one two\""));
        assertThat(user.name()).isEqualTo("oid:an-object");
        assertThat(user.subjects())
                .containsExactly(
                        "oid:an-object",
                        "app:an-app",
                        "group:a-group",
                        "scope:one",
                        "scope:two",
                        "tenant:" + Forge.TENANT);
    }

    @Test
    void theSecondVersionsNameOfTheApplicationAndListsAndTextsAreTheSame() {
        Principal program = principal(CLAIMS.replace("appid", "azp")
                .replace("[\"a-role\"]", "\"a-role\"")
                .replace("\"groups\"", "\"scp\":[],\"groups\""));
        assertThat(program.name()).isEqualTo("app:an-app");
        assertThat(program.subjects()).contains("role:a-role", "group:a-group");
    }

    @Test
    void nobodyIsOfATenantThatWasNotChecked() {
        String claims = OTHER_CLAIMS.replace("{", "{\"tid\":\"" + Forge.TENANT + "\",");
        String content = Forge.encode("{\"alg\":\"RS256\",\"kid\":\"stranger\"}") + "." + Forge.encode(claims);
        String token = Forge.signed(content, "SHA256withRSA", Forge.privateKey(Forge.STRANGER));
        assertThat(Objects.requireNonNull(check.identify(Forge.bytes(token))).subjects())
                .containsExactly("sub:someone");
    }
}
