package headgate.proxy.credential;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import headgate.conf.CredentialConfig.Proof;
import headgate.proxy.tls.PemFiles;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** An application's own signed word that it is itself, as Entra takes it (RFC 7523, section 3). */
final class SignedAssertion {
    private static final Duration LIFE = Duration.ofMinutes(5);

    private SignedAssertion() {}

    /**
     * Signs one for this moment.
     *
     * @throws IOException if a file cannot be read
     * @throws GeneralSecurityException if it has no certificate, or no RSA key
     */
    static String of(Proof.Certificate proof, String clientId, URI audience)
            throws IOException, GeneralSecurityException {
        byte[] certificate = PemFiles.certificates(proof.certificate()).get(0).getEncoded();
        PrivateKey key = PemFiles.key(proof.key());
        if (!(key instanceof RSAPrivateKey)) {
            throw new GeneralSecurityException("the application's key is not an RSA key");
        }
        byte[] thumbprint = MessageDigest.getInstance("SHA-256").digest(certificate);
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .audience(audience.toString())
                .issuer(clientId)
                .subject(clientId)
                .jwtID(UUID.randomUUID().toString())
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)))
                .build();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.PS256)
                .x509CertSHA256Thumbprint(Base64URL.encode(thumbprint))
                .build();
        SignedJWT assertion = new SignedJWT(header, claims);
        try {
            assertion.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new GeneralSecurityException("the application's key cannot sign", e);
        }
        return assertion.serialize();
    }
}
