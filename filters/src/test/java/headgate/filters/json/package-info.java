/** Shows what the scanner does, on heap and direct memory, whole and split at every byte. */
@NullMarked
package headgate.filters.json;

import org.jspecify.annotations.NullMarked;
