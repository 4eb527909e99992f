/**
 * What an operator writes, as typed records, and the loader that reads it.
 *
 * <p>Whoever enters gets values that are complete and valid; nobody else parses configuration. Everything here is
 * immutable, and free to be read from any thread.
 */
@NullMarked
package headgate.conf;

import org.jspecify.annotations.NullMarked;
