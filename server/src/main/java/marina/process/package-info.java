/**
 * Start, watch, signal and reap operating-system processes; knows no HTTP and no configuration file.
 */
@NullMarked
package marina.process;

import org.jspecify.annotations.NullMarked;
