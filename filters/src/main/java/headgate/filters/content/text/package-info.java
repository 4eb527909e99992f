/**
 * Words, expressions and patterns, found in text as it comes.
 *
 * <p>Three kinds of scans read the same bytes, each on its own: one for all words at once, one for regular expressions, one
 * for personal data and secrets. Between the bytes and what is compared stand {@link headgate.filters.content.text.CharacterReader}
 * (escapes, UTF-8) and {@link headgate.filters.content.text.Normalizer} (one form for what means the same), and each unit that
 * comes out knows where it was read. What is compiled is immutable and shared; a scan belongs to an event loop.
 */
@NullMarked
package headgate.filters.content.text;

import org.jspecify.annotations.NullMarked;
