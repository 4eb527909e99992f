/**
 * What an exchange belongs to beyond this gateway: its place in a trace that others see too (W3C Trace Context).
 *
 * <p>Entered by the owner of exchanges, by the relay and by whoever tells a collector. Belongs to the exchange's event loop.
 */
@NullMarked
package headgate.filters.trace;

import org.jspecify.annotations.NullMarked;
