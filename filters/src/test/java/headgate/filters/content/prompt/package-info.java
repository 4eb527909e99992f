/** Shows how prompts are judged. */
@NullMarked
package headgate.filters.content.prompt;

import org.jspecify.annotations.NullMarked;
