/**
 * The machine that Marina runs on: whether anybody uses it, when it may sleep, how it falls asleep and wakes. Knows nothing of HTTP;
 * what it does to the server goes through {@link marina.machine.Surroundings}.
 */
@NullMarked
package marina.machine;

import org.jspecify.annotations.NullMarked;
