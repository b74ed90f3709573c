/** The Machines API, on a Unix socket for each machine and on one TCP address. */
@NullMarked
package marina.simulator.api;

import org.jspecify.annotations.NullMarked;
