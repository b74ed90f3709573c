/**
 * The admin listener: who may enter, the pages of the console, and the way to REST.
 */
@NullMarked
package marina.console;

import org.jspecify.annotations.NullMarked;
