/**
 * Who calls: the gate that knows callers by their credentials.
 *
 * <p>The gate belongs to its pipeline; the keys are immutable and shared by all event loops.
 */
@NullMarked
package headgate.filters.identity;

import org.jspecify.annotations.NullMarked;
