/** Tests of words, expressions and patterns. */
@NullMarked
package headgate.filters.content.text;

import org.jspecify.annotations.NullMarked;
