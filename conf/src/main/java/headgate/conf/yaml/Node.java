package headgate.conf.yaml;

import java.util.List;
import java.util.Map;

/** A value as it stands in the file, with its place: its key's where it has one, else its own. */
sealed interface Node {
    Position at();

    /** What it is, for a message that expected something else and must not show the value. */
    String shape();

    /** A scalar, whatever YAML takes it for, in the characters it was written with. */
    record Text(Position at, String written) implements Node {
        @Override
        public String shape() {
            return "a text";
        }
    }

    /** A key without a value, or an explicit null. */
    record Nothing(Position at) implements Node {
        @Override
        public String shape() {
            return "nothing";
        }
    }

    /** A list. */
    record Items(Position at, List<Node> items) implements Node {
        @Override
        public String shape() {
            return "a list";
        }
    }

    /** A map, in the file's order. */
    record Fields(Position at, Map<String, Node> fields) implements Node {
        @Override
        public String shape() {
            return "a map";
        }
    }

    /** Something that has been reported already, and is silent from then on. */
    record Broken(Position at) implements Node {
        @Override
        public String shape() {
            return "broken";
        }
    }
}
