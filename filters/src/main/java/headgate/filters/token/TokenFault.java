package headgate.filters.token;

/** Why a token is not taken; the caller is never told which it was. */
enum TokenFault {
    TOO_LONG,
    NOT_THREE_PARTS,
    /** Five parts are a JWE: what it says could not be checked before it is decrypted. */
    ENCRYPTED,
    /** Not base64url, or not the one way to write these bytes: then two texts would be one token. */
    ENCODING,
    NOT_UTF_8,
    NOT_JSON,
    DUPLICATE_MEMBER,
    TOO_DEEP,
    TOO_MANY_HEADER_MEMBERS,

    /** The caller brings the key along, or says where to fetch it. */
    EMBEDDED_KEY,
    EMBEDDED_CERTIFICATE,
    KEY_URL,
    CERTIFICATE_URL,
    /** An extension that must be understood; none is (RFC 7515, section 4.1.11). */
    CRITICAL,
    /** The payload as it is (RFC 7797). */
    UNENCODED,
    COMPRESSED,
    NESTED,
    TYPE,
    ALGORITHM_MISSING,
    UNSIGNED,
    /** An HMAC: its key would be the public one, which everybody knows. */
    SHARED_SECRET,
    ALGORITHM_UNKNOWN,
    KEY_ID_MISSING,
    KEY_ID_TOO_LONG,

    CLAIM_ILL_FORMED,
    ISSUER_MISSING,
    ISSUER_UNKNOWN,
    TENANT,
    AUDIENCE_MISSING,
    AUDIENCE,
    EXPIRY_MISSING,
    EXPIRED,
    NOT_YET_VALID,
    ISSUED_LATER,
    NOBODY,

    ALGORITHM_NOT_ALLOWED,
    KEY_UNKNOWN,
    /** The issuer publishes the key for something else than signatures. */
    KEY_USE,
    KEY_TOO_SHORT,
    KEY_ILL_FORMED,
    /** The key is of another type, or published for another algorithm. */
    KEY_ALGORITHM,
    SIGNATURE
}
