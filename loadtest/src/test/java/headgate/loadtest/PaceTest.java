package headgate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import headgate.loadtest.SimulatedProvider.Options;
import headgate.loadtest.provider.Counters.Count;
import headgate.loadtest.provider.Pace;
import headgate.loadtest.scenario.Distribution;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class PaceTest extends ProviderTest {
    @Override
    Options options() {
        return super.options()
                .withPace(new Pace(
                        new Distribution.Exponential(2e6),
                        new Distribution.Lognormal(1e6, 0.7),
                        new Distribution.Uniform(700, 1000),
                        false));
    }

    @Test
    void aStreamOfUnevenGapsIsWhole() throws Exception {
        long before = System.nanoTime();
        HttpResponse<byte[]> answer = post(CHAT, "{\"stream\":true,\"max_tokens\":100}");

        assertThat(data(answer)).hasSize(1 + 100 + 2).endsWith("[DONE]");
        assertThat(System.nanoTime() - before)
                .as("99 gaps of a median of a millisecond are 120 ms or so")
                .isGreaterThan(50_000_000);
        await().until(() -> count(Count.STREAMS_COMPLETED) == 1);
        assertThat(count(Count.COMPLETION_TOKENS)).isEqualTo(100);
    }

    @Test
    void aStreamOfUnevenGapsEndsWithItsCaller() throws Exception {
        stream(CHAT, "{\"stream\":true,\"max_tokens\":1000}").body().close();

        await().until(() -> count(Count.STREAMS_CANCELLED) == 1);
        long events = count(Count.EVENTS_WRITTEN);
        Thread.sleep(50);
        assertThat(count(Count.EVENTS_WRITTEN)).isEqualTo(events).isLessThan(1000);
    }

    @Test
    void answersAreOfManyLengths() throws Exception {
        Set<Integer> lengths = new HashSet<>();
        for (int call = 0; call < 10; call++) {
            lengths.add(json(post(CHAT, "{}")).at("/usage/completion_tokens").asInt());
        }
        assertThat(lengths).hasSizeGreaterThan(1).allMatch(tokens -> tokens >= 700 && tokens <= 1000);
        assertThat(new TokensConverter().convert("lognormal:20:0.5")).isNotNull();
        assertThatThrownBy(() -> new TokensConverter().convert("20ms"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("is not a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"20ms", "uniform:1ms:30ms", "exponential:20ms", "lognormal:20ms:0.5"})
    void aTimeCanBeDrawn(String text) {
        assertThat(new PaceConverter().convert(text)).isNotNull();
        assertThatThrownBy(() -> new PaceConverter().convert(text.replace("ms", "")))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("is not a duration");
    }
}
