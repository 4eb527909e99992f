/**
 * What is told about exchanges: the access log, and the metrics.
 *
 * <p>Each event loop has its own journal and its own counters, which it alone writes; one writer thread empties the journals,
 * and whoever scrapes reads the counters without stopping anybody.
 */
@NullMarked
package headgate.proxy.telemetry;

import org.jspecify.annotations.NullMarked;
