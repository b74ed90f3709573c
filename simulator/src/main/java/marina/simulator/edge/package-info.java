/** The edge proxy: which machine gets a request, and every rule of fly-replay. */
@NullMarked
package marina.simulator.edge;

import org.jspecify.annotations.NullMarked;
