/** Tests of TLS of the listeners. */
@NullMarked
package headgate.proxy.tls;

import org.jspecify.annotations.NullMarked;
