/**
 * Measuring from outside: the simulated provider and the load test. Speaks only HTTP, and knows nothing of the gateway's
 * inside.
 */
@NullMarked
package headgate.loadtest;

import org.jspecify.annotations.NullMarked;
