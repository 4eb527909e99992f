/**
 * Making calls: connections, requests, the check of answers, and the lanes that begin each call at its time.
 *
 * <p>{@link headgate.loadtest.calls.LoadRun} is the door. A lane belongs to one event loop, with its connections and calls;
 * lanes share only the measures.
 */
@NullMarked
package headgate.loadtest.calls;

import org.jspecify.annotations.NullMarked;
