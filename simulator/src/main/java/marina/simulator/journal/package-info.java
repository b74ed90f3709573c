/** What has happened: one line of JSON for each hop, query, call and change of state. */
@NullMarked
package marina.simulator.journal;

import org.jspecify.annotations.NullMarked;
