/** Tests of where connections and exchanges are from. */
@NullMarked
package headgate.proxy.source;

import org.jspecify.annotations.NullMarked;
