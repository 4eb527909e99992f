package headgate.filters.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

/** What is found in a body does not depend on where it was split. */
final class Splits {
    private Splits() {}

    static void assertSame(JsonScanner scanner, byte[] body, Scan whole) {
        for (int split = 0; split <= body.length; split++) {
            assertThat(Scan.of(scanner, body, split)).as("split at %d", split).isEqualTo(whole);
        }
        int[] everywhere = IntStream.range(0, body.length).toArray();
        assertThat(Scan.of(scanner, body, everywhere)).as("split at every byte").isEqualTo(whole);
    }
}
