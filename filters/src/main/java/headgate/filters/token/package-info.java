/**
 * Tokens: which are taken, whose keys prove them, and who their callers are.
 *
 * <p>Entered through {@code TokenIdentifier}, by the identity gate. What a token says is read by {@code StrictJson} alone, so
 * that no second reader can understand it differently; the cryptography is nimbus-jose-jwt's. A token is checked on the
 * event loop of its exchange. What an issuer publishes is read on one event loop of its own; the other loops see an immutable
 * map of its keys. Verified tokens are remembered for all loops together.
 */
@NullMarked
package headgate.filters.token;

import org.jspecify.annotations.NullMarked;
