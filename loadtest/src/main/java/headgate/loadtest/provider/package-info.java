/**
 * The inside of the simulated provider: reading what is asked, answering at a pace, and failing on request.
 *
 * <p>Only {@code SimulatedProvider} enters here, by {@link headgate.loadtest.provider.ProviderInitializer}. A connection
 * belongs to its event loop with everything it holds; {@link headgate.loadtest.provider.Counters} and the fault script
 * are all that loops share.
 */
@NullMarked
package headgate.loadtest.provider;

import org.jspecify.annotations.NullMarked;
