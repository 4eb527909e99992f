/**
 * Why an exchange would be, or was, decided as it was: what the admin listener's page {@code /explain} answers.
 *
 * <p>An imagined exchange goes through the real gates, on an event loop of the gateway, and ends in front of the relay; so what
 * it tells stays true whatever gates there are. Only the program's admin listener enters. A dry run belongs to its loop.
 */
@NullMarked
package headgate.proxy.explain;

import org.jspecify.annotations.NullMarked;
