/**
 * What belongs to one event loop, and is therefore used without locks.
 *
 * <p>Everything here asserts that it is used on its loop.
 */
@NullMarked
package headgate.proxy.loop;

import org.jspecify.annotations.NullMarked;
