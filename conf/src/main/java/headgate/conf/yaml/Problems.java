package headgate.conf.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All that is wrong with one file, one line each, in the order of the file. */
final class Problems {
    /** Nobody reads more than this; a broken list of a million items must not become a million lines. */
    static final int PROBLEMS_MAX = 1000;

    /** Stands for the path where a problem concerns the file and not a key in it. */
    static final String FILE = "(file)";

    private final Path file;
    private final List<Problem> found = new ArrayList<>();
    private int surplus;

    private record Problem(Position at, String text) {}

    Problems(Path file) {
        this.file = file;
    }

    /**
     * Notes one.
     *
     * @param path where it is, in keys; empty for the file itself
     * @param value what stands there, never a secret
     */
    void add(Position at, String path, String value, String expected) {
        if (found.size() == PROBLEMS_MAX) {
            surplus++;
            return;
        }
        String where = path.isEmpty() ? FILE : path;
        found.add(new Problem(
                at,
                file + ":" + at.line() + ":" + at.column() + " " + where + ": " + value + ": expected " + expected));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(found.stream()
                .sorted(Comparator.comparing(Problem::at))
                .map(Problem::text)
                .toList());
        if (surplus > 0) {
            lines.add(file + ": " + surplus + " more problems");
        }
        return lines;
    }
}
