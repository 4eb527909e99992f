/**
 * Prompts are judged here, before an upstream sees them, by the policy of their deployment.
 *
 * <p>A handler belongs to one pipeline, and what it reads with to one exchange at a time, and else to
 * the event loop's {@link headgate.filters.content.prompt.PromptScans}; {@link
 * headgate.filters.content.prompt.FilterPolicies} is immutable and shared by all event loops.
 */
@NullMarked
package headgate.filters.content.prompt;

import org.jspecify.annotations.NullMarked;
