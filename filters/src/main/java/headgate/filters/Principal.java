package headgate.filters;

import java.util.List;

/**
 * Who calls.
 *
 * @param name who that is, for the access log; never a credential
 * @param subjects what permissions can be given to, such as {@code key:NAME} or {@code role:NAME}
 */
public record Principal(String name, List<String> subjects) {}
