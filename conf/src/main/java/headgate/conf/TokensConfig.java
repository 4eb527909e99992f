package headgate.conf;

/**
 * The bounds on tokens and on what issuers publish. Sizes are in bytes.
 *
 * @param bytes longest token; above: 401; default 16 KiB
 * @param jsonDepth nesting of a token's header and claims; above: 401; default 8
 * @param headerMembers members of a token's header; above: 401; default 16
 * @param remembered verified tokens that the process remembers until they expire; above, older ones are verified again;
 *     default 10,000
 * @param documentBytes an issuer's discovery document, and its set of keys; above: not taken; default 256 KiB
 */
public record TokensConfig(int bytes, int jsonDepth, int headerMembers, int remembered, int documentBytes) {}
