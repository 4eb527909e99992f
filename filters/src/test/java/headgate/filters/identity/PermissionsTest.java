package headgate.filters.identity;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.GatewayConfig;
import headgate.conf.PermissionConfig;
import headgate.conf.PermissionConfig.Right;
import headgate.filters.Configured;
import headgate.filters.Deployment;
import headgate.filters.Deployments;
import headgate.filters.Glob;
import headgate.filters.Principal;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what, by subjects and patterns. */
final class PermissionsTest {
    private static final GatewayConfig CONFIG = Configured.with("""
            GPT-4o: { upstreams: [{ url: "http://127.0.0.1:1" }] }
            gpt-5: { upstreams: [{ url: "http://127.0.0.1:1" }] }
            """);
    private static final Deployments DEPLOYMENTS = new Deployments(CONFIG);
    private static final Principal CALLER = new Principal("x", List.of("key:a", "group:g"));

    private static Deployment deployment(String name) {
        return Objects.requireNonNull(DEPLOYMENTS.find(name));
    }

    private static Permissions table(PermissionConfig... rows) {
        return new Permissions(List.of(rows), DEPLOYMENTS);
    }

    @Test
    void withoutATableEverythingIsAllowedAndWithAnEmptyOneNothing() {
        for (Right right : Right.values()) {
            assertThat(new Permissions(null, DEPLOYMENTS).allow(CALLER, right, deployment("gpt-5")))
                    .isTrue();
            assertThat(table().allow(CALLER, right, deployment("gpt-5"))).isFalse();
        }
    }

    @Test
    void aRowGivesItsRightsToItsDeploymentsAndNoMore() {
        Permissions table = table(
                new PermissionConfig(List.of("oid:o", "group:g"), List.of("gpt-4*"), Set.of(Right.READ)),
                new PermissionConfig(List.of("key:a"), List.of("GPT-5"), Set.of(Right.INFER)));
        assertThat(table.allow(CALLER, Right.READ, deployment("gpt-4o"))).isTrue();
        assertThat(table.allow(CALLER, Right.INFER, deployment("gpt-4o"))).isFalse();
        assertThat(table.allow(CALLER, Right.INFER, deployment("gpt-5"))).isTrue();
        assertThat(table.allow(CALLER, Right.READ, deployment("gpt-5"))).isFalse();
        assertThat(table.allow(CALLER, Right.MANAGE, deployment("gpt-5"))).isFalse();
        assertThat(table.allow(new Principal("y", List.of()), Right.READ, deployment("gpt-4o")))
                .isFalse();
        assertThat(table.allow(null, Right.READ, deployment("gpt-4o"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "*, '', true",
        "*, anything, true",
        "gpt-*, gpt-, true",
        "gpt-*, gpt, false",
        "GPT-*, gpt-4o, true",
        "*-mini, gpt-4o-mini, true",
        "*-mini, gpt-4o-mini2, false",
        "g*4*mini, gpt-4o-mini, true",
        "g*4*mini, gpt-5o-mini, false",
        "a*b, ab, true",
        "a*b*b, ab, false",
        "**, x, true",
        "a.c, abc, false",
        "abc, ab, false",
        "ab, abc, false",
        "*a*a*a*a*a*a*a*a*a*a*a*b, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, false",
    })
    void aStarStandsForAnyCharacters(String pattern, String name, boolean fits) {
        assertThat(Glob.matches(pattern, name)).isEqualTo(fits);
    }

    @Test
    void patternsFitWhatAnExpressionWouldFit() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            String pattern = word(random, "aB*");
            String name = word(random, "Ab");
            String expression = "\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E";
            assertThat(Glob.matches(pattern, name))
                    .as("seed %d: %s and %s", seed, pattern, name)
                    .isEqualTo(Pattern.compile(expression, Pattern.CASE_INSENSITIVE)
                            .matcher(name)
                            .matches());
        }
    }

    private static String word(Random random, String letters) {
        StringBuilder word = new StringBuilder();
        for (int length = random.nextInt(7); length > 0; length--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
