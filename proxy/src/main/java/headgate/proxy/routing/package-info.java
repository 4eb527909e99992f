/**
 * Where an exchange goes: the endpoints of a deployment, which of them is next, and whether another may be tried.
 *
 * <p>Endpoints and routes are shared by all event loops; what changes in them is atomic.
 */
@NullMarked
package headgate.proxy.routing;

import org.jspecify.annotations.NullMarked;
