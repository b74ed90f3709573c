/**
 * Run the commands of a life-cycle point, with outcome, time limit and output.
 */
@NullMarked
package marina.hook;

import org.jspecify.annotations.NullMarked;
