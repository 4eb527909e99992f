/**
 * The caller's side: a pipeline that reads as the journey of an exchange, from bytes to the relay and back.
 *
 * <p>Handlers belong to one connection and its event loop. A message is <em>passed on</em>, <em>ended</em> or
 * <em>kept</em>; where one is kept, the handler says where it is released.
 */
@NullMarked
package headgate.proxy.downstream;

import org.jspecify.annotations.NullMarked;
