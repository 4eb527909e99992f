/** The program: it listens, wires the gates to the upstreams, and stops in order. */
@NullMarked
package headgate.proxy;

import org.jspecify.annotations.NullMarked;
