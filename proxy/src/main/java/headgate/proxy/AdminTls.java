package headgate.proxy;

import headgate.conf.TlsConfig;
import headgate.proxy.tls.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom a command trusts when it asks an admin listener over TLS, and what it shows for itself. */
final class AdminTls {
    /**
     * A certificate to be shown, and its key, as PEM files.
     *
     * @param certificate with those that its authority wants beside it
     */
    record Own(Path certificate, Path key) {}

    private AdminTls() {}

    /**
     * The way to ask.
     *
     * @param listener whose own certificates are trusted, whoever signed them; their names must be those that are asked. Null
     *     for whomever the system trusts
     * @param own null where nothing is shown
     */
    static SSLContext context(@Nullable TlsConfig listener, @Nullable Own own)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                own == null ? null : keys(own).getKeyManagers(),
                listener == null ? null : trust(listener).getTrustManagers(),
                null);
        return context;
    }

    private static TrustManagerFactory trust(TlsConfig tls) throws IOException, GeneralSecurityException {
        KeyStore trusted = empty();
        for (TlsConfig.Certificate one : tls.certificates()) {
            for (X509Certificate certificate : PemFiles.certificates(one.certificate())) {
                trusted.setCertificateEntry("c" + trusted.size(), certificate);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    private static KeyManagerFactory keys(Own own) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        store.setKeyEntry(
                "own",
                PemFiles.key(own.key),
                new char[0],
                PemFiles.certificates(own.certificate).toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }
}
