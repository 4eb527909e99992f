package headgate.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static Figures run(String rate, String errors, String p99) {
        return new Figures(
                Map.of("/rates/good_per_second", rate, "/rates/errors_share", errors, "/latency/total/p99", p99));
    }

    private static Figures voidRun() {
        return new Figures(Map.of("/rates/good_per_second", "1", "/void/0", "starved"));
    }

    @Test
    void errorsThatOnlyOneRunHasAreShown() {
        String text = Comparison.of(run("100", "0", "5"), run("50", "0.02", "10"));

        assertThat(text.lines().map(String::strip))
                .anyMatch(line -> line.matches("errors share +0\\.00 +0\\.02000 +-"))
                .anyMatch(line -> line.matches("good calls/s +100\\.00 +50\\.00 +0\\.50"));
        assertThat(Comparison.line(run("100", "0", "5"), run("50", "0.02", "10")))
                .contains("errors share 0.02000 instead of 0", "total p99 2.00");
    }

    @Test
    void voidRoundsDoNotCount() throws Exception {
        Rounds rounds = new Rounds();
        rounds.add(run("100", "0", "4"), run("100", "0", "4"));
        rounds.add(run("100", "0", "4"), voidRun());
        rounds.add(run("100", "0", "4"), run("100", "0.5", "8"));
        rounds.add(run("100", "0", "4"), run("100", "0", "40"));

        assertThat(rounds.count()).isEqualTo(3);
        assertThat(rounds.text())
                .contains("3 rounds, 1 void ones left out")
                .containsPattern("total p99 +2\\.00 +1\\.00 +10\\.00")
                .containsPattern("errors share +B alone has it in 1 rounds");
        assertThat(rounds.json("http://a", "http://b", "headgate loadtest versus"))
                .contains("\"void_rounds\" : 1", "\"median\" : 2.0");
    }

    @Test
    void aPercentileThatOneRunHasTooFewCallsForIsNoRatio() throws Exception {
        Figures few = new Figures(Map.of("/rates/good_per_second", "1"));
        Figures many = run("100", "0", "5");
        Rounds rounds = new Rounds();
        rounds.add(many, few);
        rounds.add(few, many);
        rounds.add(many, run("100", "0", "10"));

        assertThat(Comparison.of(many, few).lines().map(String::strip))
                .anyMatch(line -> line.matches("total p99 +5\\.00 +- +-"));
        assertThat(Comparison.line(many, few)).doesNotContain("total p99");
        assertThat(Comparison.line(few, many)).doesNotContain("total p99");
        assertThat(rounds.text())
                .containsPattern("total p99 +2\\.00 +2\\.00 +2\\.00")
                .doesNotContain("alone has it");
    }
}
