package headgate.proxy.routing;

/**
 * The configuration in force on one event loop, and how many exchanges of the loop still use which.
 *
 * <p>Each loop counts for itself, in plain fields, so that an exchange costs two additions and shares no cache line: a
 * configuration that was replaced is over when each loop has seen the last of its exchanges. Confined to its event loop, but
 * for the first configuration, which is set before the loop serves anybody.
 */
public final class LoopGateway {
    /** One configuration, as this loop's exchanges use it. */
    public static final class Use {
        private final Gateway gateway;
        private int exchanges;
        private boolean replaced;
        private Runnable over = () -> {};

        private Use(Gateway gateway) {
            this.gateway = gateway;
        }

        /** The configuration. */
        public Gateway gateway() {
            return gateway;
        }

        /** An exchange is over that had entered. */
        public void leave() {
            exchanges--;
            tellWhenOver();
        }

        private void replace(Runnable told) {
            replaced = true;
            over = told;
            tellWhenOver();
        }

        private void tellWhenOver() {
            if (replaced && exchanges == 0) {
                over.run();
            }
        }
    }

    private Use current;

    /** A loop on which this configuration is in force. */
    public LoopGateway(Gateway first) {
        current = new Use(first);
    }

    /** The configuration in force now, for whoever is no exchange. */
    public Gateway current() {
        return current.gateway;
    }

    /** An exchange begins: what is in force now is in force for it until it leaves. */
    public Use enter() {
        current.exchanges++;
        return current;
    }

    /**
     * Puts another configuration in force for the exchanges that begin from now on.
     *
     * @param over told, once, when no exchange of this loop uses the one before any more
     */
    public void replace(Gateway next, Runnable over) {
        Use before = current;
        current = new Use(next);
        before.replace(over);
    }
}
