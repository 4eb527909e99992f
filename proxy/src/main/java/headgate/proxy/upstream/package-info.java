/**
 * The provider's side: connections, calls, and what is sent and read on them.
 *
 * <p>Everything belongs to the event loop of the exchange it serves.
 */
@NullMarked
package headgate.proxy.upstream;

import org.jspecify.annotations.NullMarked;
