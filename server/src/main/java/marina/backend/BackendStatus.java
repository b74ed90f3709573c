package marina.backend;

import java.time.Duration;
import java.time.Instant;

/**
 * A backend as it is at one moment.
 *
 * @param state its state
 * @param reason why it failed or was refused last, empty when all is well
 * @param pid of the running instance, 0 for none
 * @param address of the running instance, empty for none
 * @param leases requests in flight
 * @param starts how often it has been started
 * @param lastStart how long the last successful start took, zero before the first
 * @param lastActivity end of the last lease; the epoch before the first
 */
public record BackendStatus(
        BackendState state,
        String reason,
        long pid,
        String address,
        int leases,
        long starts,
        Duration lastStart,
        Instant lastActivity) {}
