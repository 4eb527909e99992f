package headgate.conf;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which exchanges are traced, and who is told.
 *
 * @param url where a collector takes traces by OTLP over HTTP, the path included
 * @param headers that it is shown, such as a key
 * @param service by what name traces know the gateway; default headgate
 * @param sample the share of exchanges that are traced where the caller does not say; default 0.01
 * @param callersDecide whether an exchange whose caller traces it is traced, and one whose caller does not is not; default true
 * @param queue how many exchanges may wait to be told; default 10,000
 * @param interval how long one waits at most; default 5 s
 * @param ca authorities that are trusted instead of the system's; null for the system's
 */
public record TracingConfig(
        URI url,
        Map<String, Secret> headers,
        String service,
        double sample,
        boolean callersDecide,
        int queue,
        Duration interval,
        @Nullable Path ca) {}
