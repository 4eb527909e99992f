package headgate.filters.api;

import org.jspecify.annotations.Nullable;

/**
 * What a path asks for.
 *
 * @param name the deployment or id that the path or query names; null where the body names it
 */
public record OperationMatch(
        Surface surface, Operation operation, @Nullable String name) {}
