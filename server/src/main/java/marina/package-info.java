/**
 * The program: arguments to exit status.
 */
@NullMarked
package marina;

import org.jspecify.annotations.NullMarked;
