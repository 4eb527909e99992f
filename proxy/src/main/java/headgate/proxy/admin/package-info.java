/**
 * The admin listener: where operators, probes and scrapers look in, and give orders.
 *
 * <p>Not the way of an exchange: it has an event loop of its own, so that it answers while the others are busy, and netty's
 * own codec with small bounds. A page is a row in a table ({@link headgate.proxy.admin.AdminPage}); whoever has something to
 * show makes one. Pages are asked on the listener's loop, and must not block it; what takes time is answered later.
 */
@NullMarked
package headgate.proxy.admin;

import org.jspecify.annotations.NullMarked;
