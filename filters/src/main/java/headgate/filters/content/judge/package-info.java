/**
 * Judges that are other services: what they are asked, and how their answers are read.
 *
 * <p>Entered through {@code Judges}. A {@code ServiceJudge} is the same for all of them; what is spoken is its {@code Dialect}. All
 * of it is shared by all event loops; a question's own state belongs to the loop that asked.
 */
@NullMarked
package headgate.filters.content.judge;

import org.jspecify.annotations.NullMarked;
