/**
 * Blocklists that nodes share: their items in Redis, and what a node knows of them.
 *
 * <p>Policies enter, and the commands that change lists. Nothing here runs on an event loop: Redis is asked in the
 * background, and what follows from its answers is done on a background thread of Java's own.
 */
@NullMarked
package headgate.filters.content.lists;

import org.jspecify.annotations.NullMarked;
