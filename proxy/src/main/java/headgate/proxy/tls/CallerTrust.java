package headgate.proxy.tls;

import headgate.conf.TlsConfig.ClientCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.util.EnumSet;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;

/** Which callers' certificates are good: those that the operator's authorities signed, and did not take back. */
final class CallerTrust {
    private CallerTrust() {}

    /** Reads the files; nothing is ever asked of the network, neither lists nor OCSP. */
    static TrustManagerFactory of(ClientCertificates callers) throws IOException, GeneralSecurityException {
        PKIXBuilderParameters rules = new PKIXBuilderParameters(
                PemFiles.certificates(callers.ca()).stream()
                        .map(authority -> new TrustAnchor(authority, null))
                        .collect(Collectors.toSet()),
                new X509CertSelector());
        Path revocations = callers.crl();
        rules.setRevocationEnabled(revocations != null);
        if (revocations != null) {
            rules.addCertStore(CertStore.getInstance(
                    "Collection", new CollectionCertStoreParameters(PemFiles.revocations(revocations))));
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
            rules.addCertPathChecker(checker);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(new CertPathTrustManagerParameters(rules));
        return trust;
    }
}
