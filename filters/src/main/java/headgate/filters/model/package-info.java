/**
 * Which deployment: the gates that read the model's name and judge whether that deployment can do what is asked.
 *
 * <p>Handlers belong to their pipeline. The scanners belong to an event loop, and are lent to one exchange at a time.
 */
@NullMarked
package headgate.filters.model;

import org.jspecify.annotations.NullMarked;
