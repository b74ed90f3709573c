package marina.machine;

import java.time.Instant;
import java.util.List;

/**
 * A machine at one moment.
 *
 * @param state what it does
 * @param since when
 * @param reason why, in the operator's words
 * @param lastActivity the last use that it knows of
 * @param sleeps how often it has slept
 * @param refusals how often it was to sleep and did not
 * @param lastRefusal why not, the last time; empty when it has slept since
 * @param leases those that are held
 */
public record MachineStatus(
        MachineState state,
        Instant since,
        String reason,
        Instant lastActivity,
        long sleeps,
        long refusals,
        String lastRefusal,
        List<ActivityLease> leases) {
    /** Copies its list. */
    public MachineStatus {
        leases = List.copyOf(leases);
    }
}
