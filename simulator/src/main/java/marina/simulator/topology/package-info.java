/** What is to be played: regions, apps and machines, read from FLEET.yml; all problems at once. */
@NullMarked
package marina.simulator.topology;

import org.jspecify.annotations.NullMarked;
