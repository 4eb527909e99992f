/**
 * The gateway's own requests to the side, such as for issuers' documents: asynchronous, bounded in time and size.
 *
 * <p>Not for exchanges: one connection for each request at a time, and Netty's codec with its objects. What is fetched completes on
 * the event loop that asked.
 */
@NullMarked
package headgate.filters.fetch;

import org.jspecify.annotations.NullMarked;
