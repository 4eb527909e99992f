package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The last exchanges of a loop: as many as there is room for, the newest. */
final class EndedExchangesTest {
    private static EndedExchange ended(String id, long timeMs) {
        return new EndedExchange(
                timeMs,
                id,
                null,
                new InetSocketAddress(0),
                "POST",
                "/",
                null,
                null,
                null,
                null,
                0,
                0,
                null,
                List.of(),
                new ExchangeRecord(1, "1.1"));
    }

    @Test
    void whatIsFoundIsWhatASimpleListWouldHave() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int most = random.nextInt(6);
            EndedExchanges exchanges = new EndedExchanges(most);
            Deque<EndedExchange> expected = new ArrayDeque<>();
            for (int i = 0; i < 30; i++) {
                EndedExchange one = ended("id" + random.nextInt(3), i);
                exchanges.add(one);
                expected.addFirst(one);
                while (expected.size() > most) {
                    expected.removeLast();
                }
                for (int id = 0; id < 3; id++) {
                    String name = "id" + id;
                    assertThat(exchanges.find(name))
                            .as("seed %d, after %d", seed, i)
                            .containsExactlyElementsOf(expected.stream()
                                    .filter(each -> each.id().equals(name))
                                    .toList());
                }
            }
            assertThat(exchanges.isOff()).isEqualTo(most == 0);
        }
    }
}
