package headgate.filters.identity;

import headgate.filters.Principal;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Whom a caller's certificate names.
 *
 * <p>Any certificate that the listener's authorities signed is a principal; what it may do is a matter of permissions.
 */
final class CallerCertificate {
    private static final int URI = 6;
    private static final int DNS = 2;

    private CallerCertificate() {}

    /**
     * The principal: the first URI among the alternative names, else the first DNS name, else the subject's common name.
     *
     * @return null where the certificate has none of these
     */
    static @Nullable Principal principal(X509Certificate certificate) {
        String name = alternative(certificate, URI);
        if (name == null) {
            name = alternative(certificate, DNS);
        }
        if (name == null) {
            name = commonName(certificate);
        }
        return name == null || name.isBlank() ? null : new Principal(name, List.of("certificate:" + name));
    }

    private static @Nullable String alternative(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    if (name.get(0).equals(kind)) {
                        return String.valueOf(name.get(1));
                    }
                }
            }
            return null;
        } catch (CertificateParsingException e) {
            return null;
        }
    }

    private static @Nullable String commonName(X509Certificate certificate) {
        try {
            List<Rdn> parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
            for (int i = parts.size() - 1; i >= 0; i--) {
                if (parts.get(i).getType().equalsIgnoreCase("CN")
                        && parts.get(i).getValue() instanceof String name) {
                    return name;
                }
            }
            return null;
        } catch (InvalidNameException e) {
            return null;
        }
    }
}
