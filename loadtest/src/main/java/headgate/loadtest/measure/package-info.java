/**
 * What happened: counts, times, and how the measured process did.
 *
 * <p>Anybody may enter. {@link headgate.loadtest.measure.Measures} is shared by all loops of a run; the rest belongs to the
 * thread that reads it.
 */
@NullMarked
package headgate.loadtest.measure;

import org.jspecify.annotations.NullMarked;
