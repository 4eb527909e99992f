/** Tests of the program as a whole, and of the rules its code keeps. */
@NullMarked
package headgate.proxy;

import org.jspecify.annotations.NullMarked;
