/**
 * Journeys: a real gateway, real sockets, an upstream that does what it is told; nothing mocked below the socket.
 *
 * <p>Files are named for behaviours.
 */
@NullMarked
package headgate.proxy.journey;

import org.jspecify.annotations.NullMarked;
