package headgate.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The last lines of a loop: as many as there is room for, the newest, however many a page has. */
final class LastLinesTest {
    private record Line(String id, int number) {
        void write(AccessPage page) {
            page.raw("{\"time\":\"").time(number).raw("\",\"id\":").string(id);
            page.raw(",\"number\":").number(number).raw("}").endLine();
        }

        String text() {
            return "{\"time\":\"1970-01-01T00:00:00.0%02dZ\",\"id\":\"%s\",\"number\":%d}"
                    .formatted(number, id.replace("\"", "\\\""), number);
        }
    }

    @Test
    void whatIsFoundIsWhatASimpleListWouldHave() {
        String[] ids = {"id", "id2", "d", "i\"d"};
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            int most = random.nextInt(6);
            LastLines lines = new LastLines(most);
            Deque<Line> expected = new ArrayDeque<>();
            AccessPage page = new AccessPage(1000);
            for (int i = 0; i < 60; i++) {
                Line one = new Line(ids[random.nextInt(ids.length)], i);
                one.write(page);
                expected.addFirst(one);
                while (expected.size() > most) {
                    expected.removeLast();
                }
                if (random.nextInt(4) == 0) {
                    lines.add(page.take());
                    for (String id : ids) {
                        assertThat(lines.find(id))
                                .as("seed %d, %s after %d", seed, id, i)
                                .containsExactlyElementsOf(expected.stream()
                                        .filter(each -> each.id().equals(id))
                                        .map(Line::text)
                                        .toList());
                    }
                }
            }
            assertThat(lines.isOff()).isEqualTo(most == 0);
        }
    }
}
