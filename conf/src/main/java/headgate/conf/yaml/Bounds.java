package headgate.conf.yaml;

/** How many there may be. */
public record Bounds(int min, int max) {
    boolean hold(int count) {
        return count >= min && count <= max;
    }

    /** As part of a sentence. */
    @Override
    public String toString() {
        return min + " to " + max;
    }
}
