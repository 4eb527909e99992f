/**
 * What an exchange has used: the upstream's own count, found in the answer as it passes.
 *
 * <p>Handlers and readers belong to their pipeline.
 */
@NullMarked
package headgate.filters.usage;

import org.jspecify.annotations.NullMarked;
