/**
 * What is told of exchanges to a collector of traces, by OpenTelemetry's protocol over HTTP.
 *
 * <p>Entered by the owner of exchanges, on its event loop, which only decides and hands over; what was handed over is written and
 * sent by a thread of this room's. Depends on nothing else of the proxy.
 */
@NullMarked
package headgate.proxy.tracing;

import org.jspecify.annotations.NullMarked;
