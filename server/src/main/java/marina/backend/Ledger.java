package marina.backend;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is counted and remembered of a backend for its status. Guarded by the backend's lock. */
final class Ledger {
    private String reason = "";
    private int leases;
    private long starts;
    private long startBegan;
    private volatile boolean proven;
    private Duration lastStart = Duration.ZERO;
    private Instant lastActivity = Instant.EPOCH;

    void leaseOpened() {
        leases++;
    }

    void leaseClosed() {
        leases--;
        lastActivity = Instant.now();
    }

    void starting() {
        startBegan = System.nanoTime();
        reason = "";
    }

    void started(Duration took) {
        starts++;
        lastStart = took;
        proven = true;
    }

    /** Whether it has ever been ready; may be asked without the lock. */
    boolean proven() {
        return proven;
    }

    void failed(String why) {
        reason = why;
    }

    /** Why it failed last; empty when it has not. */
    String reason() {
        return reason;
    }

    StartProgress startProgress(boolean underWay) {
        return new StartProgress(
                underWay ? Duration.ofNanos(System.nanoTime() - startBegan) : Duration.ZERO, lastStart);
    }

    BackendStatus status(BackendState state, @Nullable Run<?> run) {
        return new BackendStatus(
                state,
                reason,
                run == null ? 0 : run.pid,
                run == null ? "" : run.address,
                leases,
                starts,
                lastStart,
                lastActivity);
    }
}
