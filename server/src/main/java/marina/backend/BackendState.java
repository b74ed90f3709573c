package marina.backend;

import java.util.Set;

/** Where a backend is in its life; {@link #mayBecome} is the transition table. */
public enum BackendState {
    /** Nothing runs; the next lease starts it. */
    STOPPED,
    /** It is being started; leases wait. */
    STARTING,
    /** It answers; leases are granted at once. */
    READY,
    /** It answers those who hold a lease; new leases wait for the next start. */
    DRAINING,
    /** It is being ended; leases wait for the next start. */
    STOPPING,
    /** It cannot be started for now; leases are refused with the reason until the back-off ends. */
    FAILED;

    /** Whether the step from here to there is one that happens. */
    public boolean mayBecome(BackendState next) {
        return switch (this) {
            case STOPPED -> next == STARTING;
            case STARTING -> Set.of(READY, STOPPING, FAILED, STOPPED).contains(next);
            case READY -> Set.of(DRAINING, STOPPING, FAILED).contains(next);
            case DRAINING -> Set.of(STOPPING, READY, FAILED).contains(next);
            case STOPPING -> next == STOPPED;
            case FAILED -> next == STARTING || next == STOPPED;
        };
    }
}
