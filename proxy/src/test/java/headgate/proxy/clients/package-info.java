/** The client libraries that must work unchanged, against a running gateway in front of a simulated provider. */
@NullMarked
package headgate.proxy.clients;

import org.jspecify.annotations.NullMarked;
