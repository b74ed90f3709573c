/** Machines that are real processes: started, frozen, stopped, killed; and what the fleet looks like now. */
@NullMarked
package marina.simulator.machine;

import org.jspecify.annotations.NullMarked;
