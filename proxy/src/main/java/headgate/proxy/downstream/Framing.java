package headgate.proxy.downstream;

/**
 * What turns a caller's bytes or frames into the messages of one exchange after the other, and answers back.
 *
 * <p>Stands in front of the {@link ExchangeHandler}, which tells it how exchanges end.
 */
interface Framing {
    /** The version of HTTP that the exchange in progress came by, as {@code 1.1}. */
    String http();

    /** The exchange in progress is over: answered whole, or given up. */
    void exchangeOver();

    /** Ends what carries the exchange now; an answer in progress stays visibly incomplete. */
    void cut();
}
