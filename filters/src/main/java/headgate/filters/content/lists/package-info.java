/**
 * Blocklists that nodes share: their items in Redis, and what a node knows of them.
 *
 * <p>Policies enter, and the commands that change lists. Nothing here runs on an event loop: Redis is asked in the
 * background, and what is made of its answers is made on Java's common pool.
 */
@NullMarked
package headgate.filters.content.lists;

import org.jspecify.annotations.NullMarked;
