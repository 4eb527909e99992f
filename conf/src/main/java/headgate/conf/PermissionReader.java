package headgate.conf;

import headgate.conf.PermissionConfig.Right;
import headgate.conf.yaml.Bounds;
import headgate.conf.yaml.Format;
import headgate.conf.yaml.Section;
import headgate.conf.yaml.TextFormat;
import headgate.conf.yaml.WordFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table of permissions.
 *
 * <p>A name that nothing has is a slip, which would take a right away without a word; a pattern may wait for deployments
 * to come.
 */
final class PermissionReader {
    private static final String KEY = "key:";
    private static final TextFormat SUBJECT = new TextFormat(
            "(key|certificate|oid|app|group|role|scope|tenant):[\\x21-\\x7E]{1,256}",
            "key:NAME, certificate:NAME, oid:ID, app:ID, group:ID, role:NAME, scope:NAME or tenant:ID");
    private static final TextFormat DEPLOYMENT =
            new TextFormat("[a-zA-Z0-9._*-]{1,64}", "a deployment's name, in which * stands for any characters");
    private static final Format<Right> RIGHT = new WordFormat<>(List.of(Right.values()), Right::word);
    private static final Bounds ROWS = new Bounds(0, 1000);
    private static final int SUBJECTS_MAX = 1000;
    private static final int DEPLOYMENTS_MAX = 1000;

    private final @Nullable Set<String> keys;
    private final Set<String> deployments = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    /** A reader that knows what there is to be named. */
    PermissionReader(@Nullable Set<String> keys, Set<String> deployments) {
        this.keys = keys;
        this.deployments.addAll(deployments);
    }

    /** Null when there is no table. */
    @Nullable
    List<PermissionConfig> read(Section root) {
        List<PermissionConfig> rows = new ArrayList<>();
        for (Section row : root.sections("permissions", ROWS)) {
            List<String> subjects = row.requireOneOrMore("for", SUBJECT, SUBJECTS_MAX);
            List<String> names = row.requireOneOrMore("deployments", DEPLOYMENT, DEPLOYMENTS_MAX);
            List<Right> rights = row.readList(
                    "rights", RIGHT, new Bounds(1, Right.values().length), List.of(Right.INFER, Right.READ));
            refuseDangling(
                    row,
                    "for",
                    subjects.stream()
                            .filter(subject -> keys != null
                                    && subject.startsWith(KEY)
                                    && !keys.contains(subject.substring(KEY.length())))
                            .toList(),
                    "names of keys");
            refuseDangling(
                    row,
                    "deployments",
                    names.stream()
                            .filter(name -> name.indexOf('*') < 0 && !deployments.contains(name))
                            .toList(),
                    "names of deployments, or patterns with *");
            rows.add(new PermissionConfig(subjects, names, Set.copyOf(rights)));
        }
        return root.holds("permissions") ? List.copyOf(rows) : null;
    }

    private static void refuseDangling(Section row, String key, List<String> dangling, String expected) {
        if (!dangling.isEmpty()) {
            row.refuse(key, dangling.stream().limit(3).collect(Collectors.joining(", ", "there is no ", "")), expected);
        }
    }
}
