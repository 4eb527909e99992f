/**
 * The program: it listens, wires the gates to the upstreams, and stops in order.
 *
 * <p>Start and stop happen on the main thread; all else on event loops.
 */
@NullMarked
package headgate.proxy;

import org.jspecify.annotations.NullMarked;
