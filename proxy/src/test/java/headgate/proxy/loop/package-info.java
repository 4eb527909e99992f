/** Tests of what belongs to one event loop. */
@NullMarked
package headgate.proxy.loop;

import org.jspecify.annotations.NullMarked;
