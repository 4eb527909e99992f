/**
 * What is to be asked, and when: scenarios, their files, distributions and arrivals.
 *
 * <p>Anybody may enter. Scenarios, rates and distributions are values; arrivals belong to the thread that draws them.
 */
@NullMarked
package headgate.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
