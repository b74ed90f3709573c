package marina.backend;

/**
 * How full a {@link Room} is.
 *
 * @param running applications that have a process, or are about to have or to lose one
 * @param most how many may; 0 means any number
 * @param waiting applications that wait for room
 */
public record Occupancy(int running, int most, int waiting) {}
