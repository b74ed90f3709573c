package marina.config;

import java.time.Duration;

/**
 * What all backends together may use, and what clients may do.
 *
 * @param backends running at once; 0 means any number
 * @param queueTimeout how long a start waits for room, more than zero
 * @param memory bytes; 0 means no limit
 * @param traffic of clients
 */
public record LimitsConfig(int backends, Duration queueTimeout, long memory, TrafficLimits traffic) {}
