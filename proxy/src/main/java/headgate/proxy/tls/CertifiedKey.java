package headgate.proxy.tls;

import headgate.conf.TlsConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * A certificate with the key that belongs to it, and the names it is shown for.
 *
 * @param chain the certificate, then those that lead to its authority
 * @param names in lower case; a whole first label may be {@code *}
 */
record CertifiedKey(List<X509Certificate> chain, PrivateKey key, List<String> names) {
    private static final int DNS_NAME = 2;
    private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};

    /**
     * Reads both files.
     *
     * @throws GeneralSecurityException if one cannot be understood, or they do not belong together
     */
    static CertifiedKey read(TlsConfig.Certificate files) throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = PemFiles.certificates(files.certificate());
        PrivateKey key = PemFiles.key(files.key());
        if (!belongTogether(chain.get(0), key)) {
            throw new GeneralSecurityException(files.key() + " is not the key of " + files.certificate());
        }
        List<String> names = files.names().isEmpty() ? namesOf(chain.get(0)) : files.names();
        return new CertifiedKey(
                chain,
                key,
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
    }

    /** A name in the subject does not count: nobody else looks there either (RFC 9525, section 2). */
    private static List<String> namesOf(X509Certificate certificate) throws GeneralSecurityException {
        List<String> names = new ArrayList<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                if (alternative.get(0).equals(DNS_NAME)) {
                    names.add(String.valueOf(alternative.get(1)));
                }
            }
        }
        return names;
    }

    /** Files are replaced one after the other: a certificate with the old key must not come into force. */
    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                });
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(PROBE);
        return signature.verify(signed);
    }
}
