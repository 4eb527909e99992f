package headgate.conf;

import java.util.List;
import java.util.Set;

/**
 * One row of the table of permissions: these callers may do this with those deployments.
 *
 * @param subjects who, such as {@code key:NAME}, {@code certificate:NAME}, {@code oid:ID}, {@code app:ID}, {@code group:ID}, {@code role:NAME},
 *     {@code scope:NAME} or {@code tenant:ID}; one that fits is enough
 * @param deployments names, in which {@code *} stands for any characters; matched without regard to case
 */
public record PermissionConfig(List<String> subjects, List<String> deployments, Set<Right> rights) {
    /** What a caller may do with a deployment. */
    public enum Right {
        /** Ask it something. */
        INFER("infer"),
        /** See it in the lists, and what is told about it. */
        READ("read"),
        /** Change it. */
        MANAGE("manage");

        private final String word;

        Right(String word) {
            this.word = word;
        }

        /** The name as operators write it. */
        public String word() {
            return word;
        }
    }
}
