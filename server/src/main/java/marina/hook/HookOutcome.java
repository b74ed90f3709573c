package marina.hook;

import java.time.Duration;

/**
 * What became of the hooks of one point.
 *
 * @param point which point
 * @param succeeded whether all of them ended with status 0 in time
 * @param reason in the operator's words why not, with command, status and last lines; empty when they succeeded
 * @param took from the first start to the last end
 */
public record HookOutcome(HookPoint point, boolean succeeded, String reason, Duration took) {}
