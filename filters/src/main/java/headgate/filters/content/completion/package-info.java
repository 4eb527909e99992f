/**
 * Completions, judged as they pass: whole answers and streams, each choice on its own.
 *
 * <p>Only the pipeline may enter, through the handler; everything here belongs to one exchange and its event loop. An answer is a
 * row of events (a whole answer is one), which stand in a queue until all their text is decided, and leave it in order.
 */
@NullMarked
package headgate.filters.content.completion;

import org.jspecify.annotations.NullMarked;
