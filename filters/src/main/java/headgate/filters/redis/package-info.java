/**
 * The way to the Redis that nodes share: one connection, commands with a deadline, scripts.
 *
 * <p>Only those who keep shared state enter, and no type of the library leaves. Safe for all event loops; what a command
 * answers comes on a thread of the link's own, and whoever asked hops back to the event loop of its exchange.
 */
@NullMarked
package headgate.filters.redis;

import org.jspecify.annotations.NullMarked;
