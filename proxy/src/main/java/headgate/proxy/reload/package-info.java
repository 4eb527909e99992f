/**
 * Changing the configuration while the gateway runs: when, by whom, and what came of it.
 *
 * <p>The program makes a {@link headgate.proxy.reload.Reload}; whoever wants one, such as a signal, asks it. It has a thread of
 * its own, which may read files; nothing here runs on an event loop.
 */
@NullMarked
package headgate.proxy.reload;

import org.jspecify.annotations.NullMarked;
