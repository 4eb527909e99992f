/**
 * The contract room: what an exchange is, who may refuse it, and how.
 *
 * <p>Gates and the proxy meet here and nowhere else. An {@code Exchange} belongs to the event loop of its downstream
 * channel; every other class says so where it differs.
 */
@NullMarked
package headgate.filters;

import org.jspecify.annotations.NullMarked;
