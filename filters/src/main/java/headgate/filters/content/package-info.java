/**
 * May this be said? Prompts are judged before an upstream sees them, completions as they pass.
 *
 * <p>Texts are read where they stand in a body or an event, still escaped, by scans that belong to an event loop; rules and
 * policies are immutable and shared. What needs another service is asked on the loop and answered on the loop, later.
 */
@NullMarked
package headgate.filters.content;

import org.jspecify.annotations.NullMarked;
