/**
 * Who calls: the gate that knows callers by their credentials.
 *
 * <p>The gate belongs to its pipeline. Keys, what is remembered of those in Redis, and the count of failed attempts are shared
 * by all event loops, without a lock.
 */
@NullMarked
package headgate.filters.identity;

import org.jspecify.annotations.NullMarked;
