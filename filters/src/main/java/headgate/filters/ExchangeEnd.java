package headgate.filters;

/**
 * The event that tells every handler of a pipeline that the exchange in progress is over, whatever the reason.
 *
 * <p>Fired once for each exchange, by the handler that owns it; whoever keeps anything for the exchange lets it go.
 */
public enum ExchangeEnd {
    INSTANCE
}
