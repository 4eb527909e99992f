package headgate.conf;

import java.net.InetAddress;
import java.util.List;

/**
 * Who is believed when it says for whom it speaks.
 *
 * @param proxyProtocol whether connections from trusted networks begin with a PROXY header; default false
 * @param forwarded the field in which trusted proxies say whose request they pass on; default {@code off}
 * @param trustedNetworks where such balancers and proxies are
 */
public record SourceConfig(boolean proxyProtocol, Forwarded forwarded, List<Network> trustedNetworks) {
    /** Nobody is believed. */
    public static final SourceConfig NONE = new SourceConfig(false, Forwarded.OFF, List.of());

    /** The fields to choose from. */
    public enum Forwarded {
        OFF,
        FORWARDED,
        X_FORWARDED_FOR
    }

    /** Whether what this address says of others is believed. */
    public boolean trusts(InetAddress address) {
        for (Network network : trustedNetworks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
