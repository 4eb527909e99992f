package headgate.loadtest.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultScriptTest {
    private final FaultScript script = new FaultScript();

    @Test
    void aFaultOfItsOwnMeetsEveryCall() {
        assertThat(script.next("429")).isEqualTo(new Fault(Fault.Kind.STATUS, 429, 1));
        assertThat(script.next("429")).isEqualTo(new Fault(Fault.Kind.STATUS, 429, 1));
    }

    @Test
    void aScriptNeedsNoKey() {
        assertThat(script.next("once-reset").is(Fault.Kind.RESET)).isTrue();
        assertThat(script.next("once-reset")).isEqualTo(Fault.NONE);
        assertThat(script.next("times-stall:1").is(Fault.Kind.STALL)).isTrue();
        assertThat(script.next("times-stall:1")).isEqualTo(Fault.NONE);
        assertThat(script.next("times-stall:0")).isEqualTo(Fault.NONE);
    }

    @Test
    void aShareOfTheCallsFailsAndAlwaysTheSameOnes() {
        List<Fault> once = next("share-503:30:a", 1000);
        assertThat(once.stream().filter(fault -> !fault.is(Fault.Kind.NONE)))
                .hasSizeBetween(230, 370)
                .allMatch(fault -> fault.status() == 503);
        FaultScript again = new FaultScript();
        assertThat(Stream.generate(() -> again.next("share-503:30:a"))
                        .limit(1000)
                        .toList())
                .isEqualTo(once);
        assertThat(next("share-503:30:b", 1000)).isNotEqualTo(once);
        assertThat(next("share-stall:0", 100)).containsOnly(Fault.NONE);
        assertThat(next("share-stall:100", 100)).doesNotContain(Fault.NONE);
    }

    private List<Fault> next(String text, int times) {
        return Stream.generate(() -> script.next(text)).limit(times).toList();
    }

    @Test
    void scriptsBeginAnewWhenThereAreTooMany() {
        assertThat(script.next("once-500:first")).isNotEqualTo(Fault.NONE);
        for (int other = 0; other < FaultScript.SCRIPTS_MAX - 1; other++) {
            assertThat(script.next("once-500:" + other)).isNotEqualTo(Fault.NONE);
        }
        assertThat(script.next("once-500:first")).isNotEqualTo(Fault.NONE);
        assertThat(script.next("once-500:first")).isEqualTo(Fault.NONE);
    }
}
