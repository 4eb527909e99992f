package headgate.filters.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import headgate.conf.TokenAlgorithm;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One public key of an issuer, or the reason why nothing can be verified with it.
 *
 * <p>Safe for all event loops.
 */
final class IssuerKey {
    private static final int RSA_BITS_MIN = 2048;
    /** What makes a public key; certificates and their thumbprints are not looked at. */
    private static final Set<String> MATERIAL = Set.of("kty", "n", "e", "crv", "x", "y");

    private final Map<String, Object> material;
    private final @Nullable Object algorithm;
    private final @Nullable JWSVerifier verifier;
    private final @Nullable TokenFault fault;
    private volatile boolean retired;

    /**
     * Takes a key out of an issuer's set.
     *
     * @param jwk its members (RFC 7517, section 4)
     */
    IssuerKey(Map<String, Object> jwk) {
        material = new LinkedHashMap<>(jwk);
        material.keySet().retainAll(MATERIAL);
        algorithm = jwk.get("alg");
        JWSVerifier made = null;
        TokenFault why = null;
        try {
            made = verifier(jwk, material);
        } catch (TokenException e) {
            why = e.fault();
        }
        verifier = made;
        fault = why;
    }

    /**
     * Checks a signature.
     *
     * @throws TokenException if it is not this key's, or the key is not for such signatures
     */
    void verify(TokenAlgorithm signedBy, byte[] signed, byte[] signature) throws TokenException {
        if (verifier == null) {
            throw new TokenException(fault == null ? TokenFault.KEY_ILL_FORMED : fault);
        }
        JWSAlgorithm wanted = JWSAlgorithm.parse(signedBy.name());
        boolean published = algorithm == null || algorithm.equals(signedBy.name());
        if (!published || !verifier.supportedJWSAlgorithms().contains(wanted)) {
            throw new TokenException(TokenFault.KEY_ALGORITHM);
        }
        try {
            if (verifier.verify(new JWSHeader(wanted), signed, Base64URL.encode(signature))) {
                return;
            }
        } catch (JOSEException e) {
            // Said below: to a caller it makes no difference in which way a signature is none.
        }
        throw new TokenException(TokenFault.SIGNATURE);
    }

    /** Whether something can be verified with it. */
    boolean usable() {
        return verifier != null;
    }

    /** Whether the issuer has taken it back, and with it all that it proved. */
    boolean retired() {
        return retired;
    }

    /** The issuer has taken it back. */
    void retire() {
        retired = true;
    }

    /** Whether it is the same key, published for the same. */
    boolean isSame(IssuerKey other) {
        return material.equals(other.material)
                && String.valueOf(algorithm).equals(String.valueOf(other.algorithm))
                && fault == other.fault;
    }

    private static JWSVerifier verifier(Map<String, Object> jwk, Map<String, Object> material) throws TokenException {
        boolean forOthers = !jwk.getOrDefault("use", "sig").equals("sig")
                || (jwk.containsKey("key_ops")
                        && !(jwk.get("key_ops") instanceof List<?> uses && uses.contains("verify")));
        if (forOthers) {
            throw new TokenException(TokenFault.KEY_USE);
        }
        try {
            JWK key = JWK.parse(material);
            if (key instanceof RSAKey rsa) {
                if (rsa.size() < RSA_BITS_MIN) {
                    throw new TokenException(TokenFault.KEY_TOO_SHORT);
                }
                return new RSASSAVerifier(rsa.toRSAPublicKey());
            }
            if (key instanceof ECKey curve) {
                return new ECDSAVerifier(curve.toECPublicKey());
            }
        } catch (ParseException | JOSEException | RuntimeException e) {
            // Said below; an issuer may publish keys of kinds that did not exist when this was written.
        }
        throw new TokenException(TokenFault.KEY_ILL_FORMED);
    }
}
