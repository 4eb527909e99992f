package headgate.conf;

import java.util.Set;

/**
 * When an exchange is tried again on the next upstream: only while its body is held and nothing was sent back.
 *
 * @param attempts upstream calls at most for one exchange, the first included; 1 switches retries off; default 3
 * @param statuses answers that are tried elsewhere; default 429, 500, 502, 503, 504
 * @param connectFailures whether a failed connect (and a reused connection that closed before it answered) is tried again;
 *     default true
 * @param budgetPercent retries at most, as a percentage of the deployment's exchanges over the last ten seconds or so;
 *     default 20
 * @param budgetMinPerSecond retries per second that are allowed whatever the percentage says; default 5
 */
public record RetryConfig(
        int attempts, Set<Integer> statuses, boolean connectFailures, int budgetPercent, int budgetMinPerSecond) {}
