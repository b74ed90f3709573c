package marina.machine;

import java.time.Duration;

/**
 * Something that keeps the machine awake without a request, as {@code marina.sh status} shows it.
 *
 * @param name chosen by who has it
 * @param left until it ends by itself
 * @param context that it keeps from stopping when idle; empty for none
 */
public record ActivityLease(String name, Duration left, String context) {}
