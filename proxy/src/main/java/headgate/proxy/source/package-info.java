/**
 * Where connections and exchanges are from, when those who say so for others are believed.
 *
 * <p>Only networks that the operator trusts are; what anybody else says is not even read. The downstream pipeline takes its
 * handlers from here, and everything happens on the connection's event loop.
 */
@NullMarked
package headgate.proxy.source;

import org.jspecify.annotations.NullMarked;
