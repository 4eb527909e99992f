package headgate.conf;

import java.time.Duration;

/**
 * How long each phase of an upstream call may take.
 *
 * @param connect from the first attempt to connect until connection and TLS stand; default 5 s
 * @param firstByte from the request's last byte to the answer's first; default 29 min, since reasoning models think long
 * @param idle between two bytes of the answer, and between two bytes the upstream accepts of the request; default 2 min
 * @param total from the request's head to the answer's last byte, over all attempts; default 60 min
 */
public record TimeoutsConfig(Duration connect, Duration firstByte, Duration idle, Duration total) {}
