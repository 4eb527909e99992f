package headgate.filters.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table that a script answered with.
 *
 * <p>Redis cuts a table at its first {@code nil}: scripts say {@code false} where there is nothing.
 */
public record ScriptAnswer(List<?> values) {
    /** How many values there are. */
    public int size() {
        return values.size();
    }

    /**
     * The whole number at a place.
     *
     * @throws IllegalStateException if there is something else
     */
    public long number(int index) {
        if (values.get(index) instanceof Long number) {
            return number;
        }
        throw new IllegalStateException("a script's value " + index + " is not a number");
    }

    /** The text at a place; null where the script said {@code false}. */
    public @Nullable String text(int index) {
        return values.get(index) instanceof String text ? text : null;
    }

    /** The whole numbers of the table at a place. */
    public List<Long> numbers(int index) {
        List<Long> numbers = new ArrayList<>();
        if (values.get(index) instanceof List<?> table) {
            table.forEach(value -> numbers.add((Long) value));
        }
        return numbers;
    }
}
