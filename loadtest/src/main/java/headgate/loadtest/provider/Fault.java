package headgate.loadtest.provider;

import java.util.Locale;

/**
 * What goes wrong with one answer, on request.
 *
 * @param kind the way in which it goes wrong
 * @param status the error's status, where that is the fault
 * @param argument seconds to retry after, events before the cut, or milliseconds between bytes
 */
record Fault(Kind kind, int status, int argument) {
    /** Nothing goes wrong. */
    static final Fault NONE = new Fault(Kind.NONE, 0, 0);

    enum Kind {
        NONE,
        /** An error answer: any status from 400 to 599 by its number. */
        STATUS,
        /** The connection is reset instead of an answer. */
        RESET,
        /** There is never an answer. */
        STALL,
        /** The connection is reset after some events, or in the middle of an unstreamed body. */
        RESET_AFTER,
        /** The connection is closed, without an error but before the message's end. */
        CLOSE_AFTER,
        /** Nothing more comes, and the connection stays. */
        STALL_AFTER,
        /** The answer comes byte by byte. */
        SLOW,
        /** The answer is of HTTP/1.0, and ends with the connection. */
        CLOSE_DELIMITED,
        /** An unstreamed answer is compressed. */
        GZIP,
        /** The answer tells no usage. */
        NO_USAGE;

        boolean cuts() {
            return this == RESET_AFTER || this == CLOSE_AFTER || this == STALL_AFTER;
        }

        /** Whether it is done to a whole connection, and so not to one stream of many. */
        boolean isOfConnection() {
            return this == SLOW || this == CLOSE_DELIMITED;
        }

        private boolean takesNumber() {
            return cuts() || this == SLOW;
        }
    }

    /**
     * Reads {@code NAME[:ARG]}.
     *
     * @throws IllegalArgumentException if there is no such fault, with a message for the caller
     */
    static Fault parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String argument = colon < 0 ? "" : text.substring(colon + 1);
        if (name.matches("[45][0-9][0-9]")) {
            return new Fault(Kind.STATUS, Integer.parseInt(name), argument.isEmpty() ? 1 : number(text, argument));
        }
        for (Kind kind : Kind.values()) {
            boolean named =
                    kind.name().replace('_', '-').toLowerCase(Locale.ROOT).equals(name);
            if (named && kind != Kind.STATUS && (kind.takesNumber() || argument.isEmpty())) {
                return new Fault(kind, 0, kind.takesNumber() ? number(text, argument) : 0);
            }
        }
        throw new IllegalArgumentException("no such fault: " + text);
    }

    /** How many events leave before the cut. */
    int eventsMax() {
        return kind.cuts() ? argument : Integer.MAX_VALUE;
    }

    boolean is(Kind other) {
        return kind == other;
    }

    private static int number(String text, String argument) {
        if (!argument.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException("a fault's argument is a number of at most six digits: " + text);
        }
        return Integer.parseInt(argument);
    }
}
