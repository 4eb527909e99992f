package headgate.filters;

import java.util.List;

/**
 * Who calls.
 *
 * @param name who that is, for the access log; never a credential
 * @param subjects what permissions can be given to, such as {@code key:NAME} or {@code role:NAME}
 * @param reach what the credential itself is bound to
 */
public record Principal(String name, List<String> subjects, Reach reach) {
    /** One whose credential is bound to nothing. */
    public Principal(String name, List<String> subjects) {
        this(name, subjects, Reach.EVERYTHING);
    }
}
