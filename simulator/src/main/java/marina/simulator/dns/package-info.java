/** The names below .internal and .flycast, over UDP and TCP, with faults on command. */
@NullMarked
package marina.simulator.dns;

import org.jspecify.annotations.NullMarked;
