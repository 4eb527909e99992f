package headgate.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import headgate.conf.RetryConfig;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of the budget for retries when a rule takes another one's place. */
final class RetryRuleTest {
    private final long nowNanos = System.nanoTime();

    @Test
    void aBudgetThatIsUsedUpStaysSo() {
        RetryRule first = rule(100, 3, null);
        assertThat(retries(first, nowNanos)).as("what it begins with").isEqualTo(3);
        RetryRule second = rule(100, 3, first);
        assertThat(retries(second, nowNanos)).isZero();
        assertThat(retries(rule(100, 10, second), nowNanos))
                .as("also where there will be more")
                .isZero();
        second.exchangeBegins();
        assertThat(retries(second, nowNanos)).isEqualTo(1);
    }

    @Test
    void exchangesOfBothConfigurationsShareIt() {
        RetryRule first = rule(100, 0, null);
        RetryRule second = rule(50, 0, first);
        first.exchangeBegins();
        second.exchangeBegins();
        second.exchangeBegins();
        assertThat(first.tryRetry(1, nowNanos)).isTrue();
        assertThat(second.tryRetry(1, nowNanos)).isTrue();
        assertThat(first.tryRetry(1, nowNanos)).isFalse();
        assertThat(second.tryRetry(1, nowNanos)).isFalse();
    }

    @Test
    void aSecondIsPaidForOnce() {
        RetryRule first = rule(0, 2, null);
        RetryRule second = rule(0, 2, first);
        retries(first, nowNanos);
        // The rule may have been made a moment after the test's clock was read.
        long later = nowNanos + TimeUnit.MILLISECONDS.toNanos(5_500);
        assertThat(retries(first, later)).isBetween(1, 11);
        assertThat(retries(second, later)).isZero();
    }

    @Test
    void ofWhatWasSavedNoMoreIsLeftThanTheNewBoundAllows() {
        RetryRule first = rule(100, 5, null);
        for (int i = 0; i < 1000; i++) {
            first.exchangeBegins();
        }
        assertThat(retries(rule(100, 1, first), nowNanos)).isEqualTo(10);
    }

    private static int retries(RetryRule rule, long nowNanos) {
        int count = 0;
        while (rule.tryRetry(1, nowNanos)) {
            count++;
        }
        return count;
    }

    private static RetryRule rule(int budgetPercent, int budgetMinPerSecond, @Nullable RetryRule before) {
        return new RetryRule(new RetryConfig(3, Set.of(), true, budgetPercent, budgetMinPerSecond), before);
    }
}
