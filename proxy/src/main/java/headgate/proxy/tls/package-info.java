/**
 * TLS of the listeners: which certificate a caller sees, and how new files take the place of old ones.
 *
 * <p>The program starts {@link headgate.proxy.tls.ListenerTls} and closes it; the downstream pipeline takes a handler from it
 * for each connection, on the connection's event loop. Files are read by a thread of this room's own.
 */
@NullMarked
package headgate.proxy.tls;

import org.jspecify.annotations.NullMarked;
