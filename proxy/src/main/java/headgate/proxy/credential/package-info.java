/**
 * What upstreams are shown in place of callers' credentials: tokens, fetched once for the whole process and kept fresh.
 *
 * <p>Endpoints enter for the line of the moment, and calls to wait for one. Each credential belongs to one event loop, where
 * its tokens are fetched; its line may be read on every other. Files are read and tokens are asked for on one thread beside
 * the loops, which only ever waits for the disk.
 */
@NullMarked
package headgate.proxy.credential;

import org.jspecify.annotations.NullMarked;
