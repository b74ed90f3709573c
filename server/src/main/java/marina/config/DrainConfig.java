package marina.config;

import java.time.Duration;

/**
 * How the server takes leave of its clients.
 *
 * @param timeout how long requests in flight may take; what is left then is cut off
 * @param notice how long the health check answers 503 before connections are refused
 */
public record DrainConfig(Duration timeout, Duration notice) {}
