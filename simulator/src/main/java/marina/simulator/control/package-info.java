/** The page and the REST API by which people and tests look at the fleet and break it. */
@NullMarked
package marina.simulator.control;

import org.jspecify.annotations.NullMarked;
