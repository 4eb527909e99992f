/**
 * What is asked, and how it is refused: the wire contract as tables.
 *
 * <p>Pure values and look-ups, free to be used from any thread.
 */
@NullMarked
package headgate.filters.api;

import org.jspecify.annotations.NullMarked;
