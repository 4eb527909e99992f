/**
 * HTTP/1.1 as bytes: heads, header fields, and where a body ends.
 *
 * <p>Framing and parsing differences are attacks, so there is one reader, it is strict, and both sides of the proxy use
 * it. Nothing here knows of pipelines or gates. Readers belong to one connection and its event loop; heads are immutable.
 */
@NullMarked
package headgate.filters.http;

import org.jspecify.annotations.NullMarked;
