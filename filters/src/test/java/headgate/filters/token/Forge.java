package headgate.filters.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.JWKGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Makes tokens as an issuer does, and as nobody should, byte by byte and without a library in between. */
final class Forge {
    static final String TENANT = "0f5c7b5e-2a4d-4c5b-9a51-6d7f6f0e3b21";
    static final String ENTRA = "https://login.microsoftonline.com/" + TENANT + "/v2.0";
    static final String OTHER = "https://login.example/";
    static final long NOW_S = System.currentTimeMillis() / 1000;

    static final RSAKey KEY = rsa(new RSAKeyGenerator(2048).keyID("key"));
    static final RSAKey STRANGER = rsa(new RSAKeyGenerator(2048).keyID("stranger"));
    static final RSAKey SHORT = rsa(new RSAKeyGenerator(1024, true).keyID("short"));
    static final RSAKey FOR_RS512 =
            rsa(new RSAKeyGenerator(2048).keyID("for-rs512").algorithm(JWSAlgorithm.RS512));
    static final RSAKey FOR_ENCRYPTION =
            rsa(new RSAKeyGenerator(2048).keyID("for-encryption").keyUse(KeyUse.ENCRYPTION));
    static final ECKey CURVE = curve();

    static final String HEADER = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"key\"}";
    static final String CLAIMS = """
            {"iss":"%s","aud":"https://cognitiveservices.azure.com","tid":"%s","appid":"an-app","oid":"an-object",\
            "exp":%d,"nbf":%d,"iat":%d,"roles":["a-role"],"groups":["a-group"]}""".formatted(ENTRA, TENANT, NOW_S + 3600, NOW_S - 60, NOW_S - 60);

    private Forge() {}

    /** What Entra's issuer publishes here: one good key, and some with which nothing can be verified. */
    static byte[] entraKeys() {
        return keys(
                List.of(KEY, SHORT, FOR_RS512, FOR_ENCRYPTION, CURVE),
                ",{\"kty\":\"oct\",\"kid\":\"secret\",\"k\":\"AAAA\"},{\"kty\":\"EC\",\"kid\":\"off-curve\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}"
                        + ",{\"kty\":\"of-the-future\",\"kid\":\"future\"},{\"kty\":\"RSA\"},\"no key\"");
    }

    /** What the other issuer publishes. */
    static byte[] otherKeys() {
        return keys(List.of(STRANGER, CURVE), "");
    }

    static byte[] keys(List<? extends JWK> keys, String more) {
        return keys.stream()
                .map(key -> key.toPublicJWK().toJSONString())
                .collect(Collectors.joining(",", "{\"keys\":[", more + "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A token that is good. */
    static String good() {
        return signed(HEADER, CLAIMS);
    }

    /** A token with this header and these claims, signed by the good key. */
    static String signed(String header, String claims) {
        return signed(bytes(header), bytes(claims));
    }

    static String signed(byte[] header, byte[] claims) {
        return signed(encode(header) + "." + encode(claims), "SHA256withRSA", privateKey(KEY));
    }

    /** A signature appended to what it is about. */
    static String signed(String content, String algorithm, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(bytes(content));
            return content + "." + encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static PrivateKey privateKey(RSAKey key) {
        try {
            return key.toPrivateKey();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static PrivateKey privateKey(ECKey key) {
        try {
            return key.toPrivateKey();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String encode(String text) {
        return encode(bytes(text));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RSAKey rsa(JWKGenerator<RSAKey> generator) {
        try {
            return generator.generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static ECKey curve() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }
}
