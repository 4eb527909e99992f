package headgate.loadtest.provider;

/** An answer on its way: begun once, then ended by its last byte, by its fault, or by a caller who leaves. */
interface Delivery {
    /** Starts the clock to the first byte. */
    void begin();

    /** The channel takes more again. */
    void resume();

    /** The connection is gone; true if the answer was still on its way. */
    boolean stop();
}
