package headgate.loadtest.provider;

import static org.assertj.core.api.Assertions.assertThat;

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
    void scriptsBeginAnewWhenThereAreTooMany() {
        assertThat(script.next("once-500:first")).isNotEqualTo(Fault.NONE);
        for (int other = 0; other < FaultScript.SCRIPTS_MAX - 1; other++) {
            assertThat(script.next("once-500:" + other)).isNotEqualTo(Fault.NONE);
        }
        assertThat(script.next("once-500:first")).isNotEqualTo(Fault.NONE);
        assertThat(script.next("once-500:first")).isEqualTo(Fault.NONE);
    }
}
