package headgate.proxy;

import headgate.conf.CredentialConfig;
import headgate.conf.CredentialConfig.Entra;
import headgate.conf.CredentialConfig.Proof;
import headgate.conf.DeploymentConfig;
import headgate.conf.GatewayConfig;
import headgate.conf.ListenerConfig;
import headgate.conf.TlsConfig;
import headgate.conf.UpstreamConfig;
import headgate.proxy.tls.ListenerTls;
import headgate.proxy.tls.PemFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Opens the certificates and keys that a configuration names, and says what is wrong with them: for {@code check}, for a start
 * and for a reload alike, so that none takes what another one refuses.
 *
 * <p>Authorities are opened by whoever makes a {@link headgate.proxy.routing.Gateway} of the configuration.
 */
final class FilesCheck {
    private final List<String> problems = new ArrayList<>();

    private FilesCheck() {}

    private interface Opening {
        void open() throws IOException, GeneralSecurityException;
    }

    /** What is wrong, one line each: the key, and what was found in which file. */
    static List<String> problems(GatewayConfig config) {
        FilesCheck check = new FilesCheck();
        for (int i = 0; i < config.listeners().size(); i++) {
            ListenerConfig listener = config.listeners().get(i);
            TlsConfig tls = listener.tls();
            if (tls != null) {
                check.open("listeners[" + i + "].tls", () -> ListenerTls.check(tls));
            }
        }
        if (config.admin() != null && config.admin().tls() != null) {
            TlsConfig tls = config.admin().tls();
            check.open("admin.tls", () -> ListenerTls.check(tls));
        }
        for (Entra entra : proofs(config)) {
            if (entra.proof() instanceof Proof.Certificate certificate) {
                check.open("credentials." + entra.name() + ".entra", () -> {
                    PemFiles.certificates(certificate.certificate());
                    PemFiles.key(certificate.key());
                });
            }
        }
        return check.problems;
    }

    private void open(String key, Opening opening) {
        try {
            opening.open();
        } catch (IOException | GeneralSecurityException e) {
            problems.add(key + ": " + e.getMessage());
        }
    }

    private static Set<Entra> proofs(GatewayConfig config) {
        Set<Entra> proofs = new LinkedHashSet<>();
        for (DeploymentConfig deployment : config.deployments().values()) {
            for (UpstreamConfig upstream : deployment.upstreams()) {
                CredentialConfig credential = upstream.credential();
                if (credential instanceof Entra entra) {
                    proofs.add(entra);
                }
            }
        }
        return proofs;
    }
}
