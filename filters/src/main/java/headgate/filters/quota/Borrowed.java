package headgate.filters.quota;

/** What is borrowed of something that all nodes share, and has to be spoken of now and then. */
interface Borrowed {
    /** Called now and then; returns whether somebody was asked. */
    default boolean tick(long now) {
        return false;
    }

    /** Nothing is borrowed any more: what is left is given back, as far as can be. */
    default void leave() {}

    /** Who was told what counts may have forgotten it: the next tick asks. */
    default void doubt() {}
}
