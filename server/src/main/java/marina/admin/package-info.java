/**
 * The control socket, its commands, and the command line that speaks to it.
 */
@NullMarked
package marina.admin;

import org.jspecify.annotations.NullMarked;
