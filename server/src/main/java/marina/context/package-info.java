/**
 * One mounted application: a path, its content and its life-cycle listeners.
 */
@NullMarked
package marina.context;

import org.jspecify.annotations.NullMarked;
