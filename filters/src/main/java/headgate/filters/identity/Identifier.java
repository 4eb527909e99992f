package headgate.filters.identity;

import headgate.filters.Exchange;
import headgate.filters.Principal;
import headgate.filters.api.ProxyError;

/** One way to know a caller by a credential. */
public interface Identifier {
    /**
     * Finds out whose credential this is.
     *
     * @param credential as it came, without its scheme
     * @param finding called exactly once on the exchange's event loop: at once where nothing has to be fetched
     */
    void identify(Exchange exchange, byte[] credential, Finding finding);

    /** What was found out. */
    interface Finding {
        /** It is this principal's. */
        void known(Principal principal);

        /**
         * It is nobody's.
         *
         * @param why what the caller is told, unless another of its credentials is good
         */
        void unknown(ProxyError why);
    }
}
