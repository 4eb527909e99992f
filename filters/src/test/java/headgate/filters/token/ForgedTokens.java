package headgate.filters.token;

import static headgate.filters.token.Forge.CLAIMS;
import static headgate.filters.token.Forge.HEADER;
import static headgate.filters.token.Forge.bytes;
import static headgate.filters.token.Forge.encode;
import static headgate.filters.token.Forge.signed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The attack table: tokens that nobody should take, each with the reason; all that is not wrong about one is right. */
final class ForgedTokens {
    /** One of them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Forged(String what, TokenFault fault, byte[] token) {
        @Override
        public String toString() {
            return what + ": " + fault;
        }
    }

    private final List<Forged> all = new ArrayList<>();

    private ForgedTokens() {}

    static List<Forged> all() {
        ForgedTokens table = new ForgedTokens();
        table.shapes();
        table.json();
        table.headers();
        table.algorithms();
        table.claims();
        table.keys();
        table.signatures();
        return table.all;
    }

    private void shapes() {
        String good = Forge.good();
        String unsigned = good.substring(0, good.lastIndexOf('.') + 1);
        add("above the limit by a byte", TokenFault.TOO_LONG, "a.b." + "A".repeat((16 << 10) - 3));
        add("a JWE", TokenFault.ENCRYPTED, good + ".AAAA.AAAA");
        add("padding", TokenFault.ENCODING, good + "==");
        add("the other alphabet of base64", TokenFault.ENCODING, unsigned + "ab+/");
        add("a part that no bytes have", TokenFault.ENCODING, unsigned + "AAAAA");
        // 256 bytes leave four bits over in the last character, which must be 0.
        char last = good.charAt(good.length() - 1);
        add("bits that mean nothing", TokenFault.ENCODING, good.substring(0, good.length() - 1) + (char) (last + 1));
    }

    private void json() {
        header("not UTF-8", TokenFault.NOT_UTF_8, new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}'});
        header("UTF-16", TokenFault.NOT_JSON, HEADER.getBytes(StandardCharsets.UTF_16BE));
        header("a list", TokenFault.NOT_JSON, "[" + HEADER + "]");
        header("more behind it", TokenFault.NOT_JSON, HEADER + "{}");
        header("nothing", TokenFault.NOT_JSON, "");
        header("half of it", TokenFault.NOT_JSON, "{\"alg\":");
        header("single quotes", TokenFault.NOT_JSON, HEADER.replace('"', '\''));
        header("a comment", TokenFault.NOT_JSON, HEADER.replace("{", "{/**/"));
        header("a comma too much", TokenFault.NOT_JSON, HEADER.replace("}", ",}"));
        header("a name twice", TokenFault.DUPLICATE_MEMBER, HEADER.replace("}", ",\"alg\":\"none\"}"));
        header(
                "a name twice, once escaped",
                TokenFault.DUPLICATE_MEMBER,
                HEADER.replace("{", "{\"\\u0061lg\":\"none\","));
        header("nested too deep", TokenFault.TOO_DEEP, HEADER.replace("}", ",\"x\":" + nested(8) + "}"));
        header("nested very deep", TokenFault.TOO_DEEP, "{\"x\":" + "[".repeat(9000));
        header("too many members", TokenFault.TOO_MANY_HEADER_MEMBERS, HEADER.replace("}", members(14) + "}"));
        claims("nothing", TokenFault.NOT_JSON, "");
        claims("a text", TokenFault.NOT_JSON, "\"" + Forge.ENTRA + "\"");
        claims("a name twice", TokenFault.DUPLICATE_MEMBER, CLAIMS.replace("}", ",\"exp\":99999999999}"));
        claims("a name twice, deep inside", TokenFault.DUPLICATE_MEMBER, with("\"x\":{\"a\":1,\"a\":1}"));
        claims("nested too deep", TokenFault.TOO_DEEP, with("\"x\":" + nested(8)));
        claims("a number that is none", TokenFault.NOT_JSON, with("\"x\":NaN"));
    }

    private void headers() {
        header(
                "the key inside",
                TokenFault.EMBEDDED_KEY,
                more("\"jwk\":" + Forge.STRANGER.toPublicJWK().toJSONString()));
        header("a certificate inside", TokenFault.EMBEDDED_CERTIFICATE, more("\"x5c\":[\"MIIB\"]"));
        header("where to fetch the key", TokenFault.KEY_URL, more("\"jku\":\"https://evil.example/keys\""));
        header("where to fetch a certificate", TokenFault.CERTIFICATE_URL, more("\"x5u\":\"https://evil.example/c\""));
        header("an extension to be understood", TokenFault.CRITICAL, more("\"crit\":[\"exp\"],\"exp\":1"));
        header("no extension to be understood", TokenFault.CRITICAL, more("\"crit\":[]"));
        header("a payload as it is", TokenFault.UNENCODED, more("\"b64\":false,\"crit\":[\"b64\"]"));
        header("compressed", TokenFault.COMPRESSED, more("\"zip\":\"DEF\""));
        header("encrypted in three parts", TokenFault.ENCRYPTED, more("\"enc\":\"A128GCM\""));
        header("a token in a token", TokenFault.NESTED, more("\"cty\":\"JWT\""));
        header("another type", TokenFault.TYPE, HEADER.replace("JWT", "dpop+jwt"));
        header("a type that is no text", TokenFault.TYPE, HEADER.replace("\"JWT\"", "1"));
        header("no key named", TokenFault.KEY_ID_MISSING, HEADER.replace("kid", "kit"));
        header("a key named by a number", TokenFault.KEY_ID_MISSING, HEADER.replace("\"key\"", "1"));
        header("a key without a name", TokenFault.KEY_ID_MISSING, HEADER.replace("\"key\"", "\"\""));
        header("a very long name of a key", TokenFault.KEY_ID_TOO_LONG, HEADER.replace("key", "k".repeat(257)));
    }

    private void algorithms() {
        header("no algorithm", TokenFault.ALGORITHM_MISSING, HEADER.replace("alg", "alk"));
        header(
                "an algorithm that is no text",
                TokenFault.ALGORITHM_MISSING,
                HEADER.replace("\"RS256\"", "[\"RS256\"]"));
        add("none", TokenFault.UNSIGNED, encode(algorithm("none")) + "." + encode(CLAIMS) + ".");
        header("none, in other letters, with a signature", TokenFault.UNSIGNED, algorithm("nOnE"));
        add("an HMAC with the public key", TokenFault.SHARED_SECRET, hmac("HS256"));
        add("an HMAC in other letters", TokenFault.SHARED_SECRET, hmac("hs256"));
        header("an algorithm nobody knows", TokenFault.ALGORITHM_UNKNOWN, algorithm("RS1"));
        header("the right one in other letters", TokenFault.ALGORITHM_UNKNOWN, algorithm("rs256"));
        add("a longer hash", TokenFault.ALGORITHM_NOT_ALLOWED, signedAs("RS384", "SHA384withRSA"));
        add(
                "a curve that is not configured",
                TokenFault.ALGORITHM_NOT_ALLOWED,
                signed(
                        encode(HEADER.replace("RS256", "ES256").replace("\"key\"", "\"curve\"")) + "." + encode(CLAIMS),
                        "SHA256withECDSAinP1363Format",
                        Forge.privateKey(Forge.CURVE)));
    }

    private void claims() {
        claims("no issuer", TokenFault.ISSUER_MISSING, CLAIMS.replace("\"iss\"", "\"isa\""));
        claims(
                "an issuer that is no text",
                TokenFault.CLAIM_ILL_FORMED,
                CLAIMS.replace("\"" + Forge.ENTRA + "\"", "7"));
        claims("another issuer", TokenFault.ISSUER_UNKNOWN, CLAIMS.replace("microsoftonline", "microsoft0nline"));
        claims("an issuer with a slash more", TokenFault.ISSUER_UNKNOWN, CLAIMS.replace("/v2.0", "/v2.0/"));
        claims("an issuer in other letters", TokenFault.ISSUER_UNKNOWN, CLAIMS.replace("/v2.0", "/V2.0"));
        claims("no tenant", TokenFault.TENANT, CLAIMS.replace("\"tid\"", "\"tit\""));
        claims("another tenant", TokenFault.TENANT, CLAIMS.replace("\"tid\":\"0", "\"tid\":\"1"));
        claims("no audience", TokenFault.AUDIENCE_MISSING, CLAIMS.replace("\"aud\"", "\"add\""));
        claims("an empty audience", TokenFault.AUDIENCE_MISSING, audience("[]"));
        claims("an audience that is no text", TokenFault.CLAIM_ILL_FORMED, audience("{\"a\":1}"));
        claims("no text among the audiences", TokenFault.CLAIM_ILL_FORMED, audience("[null]"));
        claims("another audience", TokenFault.AUDIENCE, audience("\"https://graph.microsoft.com\""));
        claims("an audience that goes on", TokenFault.AUDIENCE, audience("\"https://ai.azure.com.evil.example\""));
        claims("an audience with two slashes", TokenFault.AUDIENCE, audience("\"https://ai.azure.com//\""));
        claims("the audience of the other issuer", TokenFault.AUDIENCE, audience("\"headgate\""));
        claims("no expiry", TokenFault.EXPIRY_MISSING, CLAIMS.replace("\"exp\"", "\"ext\""));
        claims("an expiry in words", TokenFault.CLAIM_ILL_FORMED, expiry("\"" + (Forge.NOW_S + 60) + "\""));
        claims("no date as its expiry", TokenFault.CLAIM_ILL_FORMED, expiry("1e300"));
        claims("an expiry of nothing", TokenFault.CLAIM_ILL_FORMED, expiry("null"));
        claims("expired by more than the leeway", TokenFault.EXPIRED, expiry(String.valueOf(Forge.NOW_S - 61)));
        claims("expired before 1970", TokenFault.EXPIRED, expiry("-1"));
        claims("not valid yet", TokenFault.NOT_YET_VALID, time("nbf", String.valueOf(Forge.NOW_S + 600)));
        claims("a beginning in words", TokenFault.CLAIM_ILL_FORMED, time("nbf", "\"now\""));
        claims("issued later", TokenFault.ISSUED_LATER, time("iat", String.valueOf(Forge.NOW_S + 600)));
        claims("nobody", TokenFault.NOBODY, CLAIMS.replace("appid", "appit").replace("oid", "oit"));
        claims("a role that is no text", TokenFault.CLAIM_ILL_FORMED, CLAIMS.replace("\"a-role\"", "1"));
    }

    private void keys() {
        header("no such key", TokenFault.KEY_UNKNOWN, HEADER.replace("\"key\"", "\"nobodys\""));
        header("a file as a key", TokenFault.KEY_UNKNOWN, HEADER.replace("\"key\"", "\"../../../dev/null\""));
        add(
                "another issuer's key",
                TokenFault.KEY_UNKNOWN,
                signed(
                        encode(HEADER.replace("\"key\"", "\"stranger\"")) + "." + encode(CLAIMS),
                        "SHA256withRSA",
                        Forge.privateKey(Forge.STRANGER)));
        add(
                "a key that is too short",
                TokenFault.KEY_TOO_SHORT,
                signed(
                        encode(HEADER.replace("\"key\"", "\"short\"")) + "." + encode(CLAIMS),
                        "SHA256withRSA",
                        Forge.privateKey(Forge.SHORT)));
        header("a key for encryption", TokenFault.KEY_USE, HEADER.replace("\"key\"", "\"for-encryption\""));
        header("a key for another hash", TokenFault.KEY_ALGORITHM, HEADER.replace("\"key\"", "\"for-rs512\""));
        header("a key of another type", TokenFault.KEY_ALGORITHM, HEADER.replace("\"key\"", "\"curve\""));
        header("a published secret", TokenFault.KEY_ILL_FORMED, HEADER.replace("\"key\"", "\"secret\""));
        header(
                "a point that is not on its curve",
                TokenFault.KEY_ILL_FORMED,
                HEADER.replace("\"key\"", "\"off-curve\""));
    }

    private void signatures() {
        String good = Forge.good();
        String content = good.substring(0, good.lastIndexOf('.'));
        String signature = good.substring(good.lastIndexOf('.'));
        add("no signature", TokenFault.SIGNATURE, content + ".");
        add("zeros", TokenFault.SIGNATURE, content + "." + encode(new byte[256]));
        add("half a signature", TokenFault.SIGNATURE, good.substring(0, good.length() - 174));
        add("another key's", TokenFault.SIGNATURE, signed(content, "SHA256withRSA", Forge.privateKey(Forge.STRANGER)));
        add("another hash's", TokenFault.SIGNATURE, signed(content, "SHA512withRSA", Forge.privateKey(Forge.KEY)));
        add(
                "other claims",
                TokenFault.SIGNATURE,
                encode(HEADER) + "." + encode(CLAIMS.replace("a-role", "admin")) + signature);
        add(
                "another header",
                TokenFault.SIGNATURE,
                encode(HEADER.replace("JWT", "jwt")) + "." + encode(CLAIMS) + signature);
        String curve = encode("{\"alg\":\"ES256\",\"kid\":\"curve\"}") + "."
                + encode(CLAIMS.replace(Forge.ENTRA, Forge.OTHER)
                        .replace("https://cognitiveservices.azure.com", "headgate"));
        add("the signature of a curve that is zero", TokenFault.SIGNATURE, curve + "." + encode(new byte[64]));
        add(
                "the signature of a curve in DER",
                TokenFault.SIGNATURE,
                signed(curve, "SHA256withECDSA", Forge.privateKey(Forge.CURVE)));
    }

    private void add(String what, TokenFault fault, String token) {
        all.add(new Forged(what, fault, bytes(token)));
    }

    private void header(String what, TokenFault fault, String header) {
        header(what, fault, bytes(header));
    }

    private void header(String what, TokenFault fault, byte[] header) {
        add("header: " + what, fault, signed(header, bytes(CLAIMS)));
    }

    private void claims(String what, TokenFault fault, String claims) {
        add("claims: " + what, fault, signed(HEADER, claims));
    }

    private static String more(String member) {
        return HEADER.replace("}", "," + member + "}");
    }

    private static String with(String member) {
        return CLAIMS.replace("{", "{" + member + ",");
    }

    private static String algorithm(String name) {
        return HEADER.replace("RS256", name);
    }

    private static String audience(String json) {
        return CLAIMS.replace("\"https://cognitiveservices.azure.com\"", json);
    }

    private static String expiry(String json) {
        return time("exp", json);
    }

    private static String time(String claim, String json) {
        return CLAIMS.replaceFirst("\"" + claim + "\":\\d+", "\"" + claim + "\":" + json);
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static String members(int count) {
        String[] members = new String[count];
        Arrays.setAll(members, i -> ",\"m" + i + "\":1");
        return String.join("", members);
    }

    private static String signedAs(String name, String algorithm) {
        return signed(encode(algorithm(name)) + "." + encode(CLAIMS), algorithm, Forge.privateKey(Forge.KEY));
    }

    private static String hmac(String name) {
        String content = encode(algorithm(name)) + "." + encode(CLAIMS);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Forge.KEY.toPublicKey().getEncoded(), "HmacSHA256"));
            return content + "." + encode(mac.doFinal(bytes(content)));
        } catch (java.security.GeneralSecurityException | com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }
}
