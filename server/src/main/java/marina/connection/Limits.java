package marina.connection;

import java.time.Duration;

/**
 * How long a call waits.
 *
 * @param connect until a connection stands
 * @param answer how long the backend may neither send nor take a byte before its answer begins
 * @param quiet the same once the answer has begun
 */
public record Limits(Duration connect, Duration answer, Duration quiet) {}
