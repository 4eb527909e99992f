package headgate.filters;

/**
 * Who calls.
 *
 * @param name the name the operator gave it; goes to the access log
 */
public record Principal(String name) {}
