/**
 * Reads a request's JSON body as it comes, and finds what the gates need to know in it.
 *
 * <p>Bytes only: nothing in here knows HTTP. A scanner belongs to one event loop, keeps no reference to what it was fed,
 * and is used again for the next body.
 */
@NullMarked
package headgate.filters.json;

import org.jspecify.annotations.NullMarked;
