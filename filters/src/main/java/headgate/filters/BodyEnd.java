package headgate.filters;

/** The message behind the last part of a request body, also of an empty one. */
public enum BodyEnd {
    INSTANCE
}
