package marina.machine;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the machine does, and what is known of its past. Written by one thread, read by any. */
final class MachineRecord {
    private static final Logger LOG = LoggerFactory.getLogger(MachineRecord.class);

    private final Set<MachineListener> listeners = new CopyOnWriteArraySet<>();
    private volatile Now now = new Now(MachineState.RUNNING, Instant.now(), "it has been started");
    private volatile Count count = new Count(0, 0, "");

    MachineState state() {
        return now.state;
    }

    void listen(MachineListener listener) {
        listeners.add(listener);
    }

    /** Goes to another state, and tells of it. */
    void become(MachineState next, String reason) {
        MachineState before = now.state;
        if (!before.next().contains(next)) {
            throw new IllegalStateException("a machine does not go from " + before + " to " + next);
        }
        now = new Now(next, Instant.now(), reason);
        LOG.info("Machine: {} -> {}: {}", before.text(), next.text(), reason);
        listeners.forEach(listener -> listener.changed(before, next, reason));
    }

    void slept() {
        count = new Count(count.sleeps + 1, count.refusals, "");
    }

    /** It was to sleep and did not; false when the reason is the same as the last time. */
    boolean refused(String why) {
        boolean news = !count.lastRefusal.equals(why);
        count = new Count(count.sleeps, count.refusals + 1, why);
        return news;
    }

    MachineStatus status(Instant lastActivity, List<ActivityLease> leases) {
        Now at = now;
        Count so = count;
        return new MachineStatus(
                at.state, at.since, at.reason, lastActivity, so.sleeps, so.refusals, so.lastRefusal, leases);
    }

    private record Now(MachineState state, Instant since, String reason) {}

    private record Count(long sleeps, long refusals, String lastRefusal) {}
}
