/** Tests of what leaves for an upstream; package-private, since what they look at is. */
@NullMarked
package headgate.proxy.upstream;

import org.jspecify.annotations.NullMarked;
