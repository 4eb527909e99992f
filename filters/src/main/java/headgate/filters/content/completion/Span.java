package headgate.filters.content.completion;

/**
 * Bytes of an event.
 *
 * @param from of the first
 * @param to behind the last
 */
record Span(int from, int to) {}
