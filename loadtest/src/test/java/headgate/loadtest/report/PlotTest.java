package headgate.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlotTest {
    @Test
    void aSecondWithoutAnAnswerIsAHoleInTheLine() {
        String html = new Plot("Total time", "seconds")
                .line("p50", 0, List.of(1.0, 2.0, 3.0, 4.0, 5.0), List.of(2.0, 2.0, Double.NaN, 2.0, 2.0))
                .html();

        assertThat(html.split("<polyline"))
                .as("what stands before it, and two pieces")
                .hasSize(3);
        assertThat(html).doesNotContain("NaN");
    }
}
