/**
 * What the tests of several modules need: a real Redis of a test's own.
 *
 * <p>Only tests enter, and nothing of it is shipped. A fixture belongs to the test that started it.
 */
@NullMarked
package headgate.testing;

import org.jspecify.annotations.NullMarked;
