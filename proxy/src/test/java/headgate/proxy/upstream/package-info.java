/** Tests of the way to an upstream, below the level of exchanges. */
@NullMarked
package headgate.proxy.upstream;

import org.jspecify.annotations.NullMarked;
