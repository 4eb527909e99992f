/**
 * Strict YAML: a file becomes located nodes, and sections that are asked for every key by name, format and default.
 *
 * <p>Knows nothing of gateways. Only the readers of {@code headgate.conf} enter. A {@code Reading} and its sections belong
 * to the thread that loads; formats are immutable.
 */
@NullMarked
package headgate.conf.yaml;

import org.jspecify.annotations.NullMarked;
