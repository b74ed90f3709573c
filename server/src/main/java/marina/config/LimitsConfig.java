package marina.config;

/**
 * What all backends together may use, and what clients may do.
 *
 * @param backends running at once; 0 means any number
 * @param memory bytes; 0 means no limit
 * @param traffic of clients
 */
public record LimitsConfig(int backends, long memory, TrafficLimits traffic) {}
