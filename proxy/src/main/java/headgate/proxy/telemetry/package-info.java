/**
 * What is told about exchanges: the access log.
 *
 * <p>Each event loop has its own journal; one writer thread empties them.
 */
@NullMarked
package headgate.proxy.telemetry;

import org.jspecify.annotations.NullMarked;
