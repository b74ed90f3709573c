package marina.machine;

import java.time.Instant;
import marina.config.IdleConfig;

/** Knows who uses the machine, and for how long nobody has. */
final class IdleClock {
    private final Surroundings world;
    private final Activity activity;
    private final ActivityLeases leases;

    IdleClock(Surroundings world, Activity activity, ActivityLeases leases) {
        this.world = world;
        this.activity = activity;
        this.leases = leases;
    }

    /** Whether nobody has used the machine for the idle time; the cheap questions come first. */
    boolean isOver(IdleConfig idle, long now) {
        if (activity.isHeld() || leases.any() || world.isAnswering()) {
            return false;
        }
        if (idle.websocketsHold() && world.hasWebSockets()) {
            activity.use(); // so that the clock begins with its end
            return false;
        }
        if (now - activity.last() < idle.timeout().toNanos() || world.contextsInUse(idle.websocketsHold())) {
            return false;
        }
        return !Instant.now().minus(idle.timeout()).isBefore(world.contextsUsed());
    }

    /** Whether an application or something in the background is at work. */
    boolean isBusy(IdleConfig idle) {
        return activity.isHeld() || leases.any() || world.contextsInUse(idle.websocketsHold());
    }

    /** Whether a request, a WebSocket or something like it goes on, be it a use of the machine or not. */
    boolean isInUse(IdleConfig idle) {
        return world.isAnswering() || isBusy(idle) || (idle.websocketsHold() && world.hasWebSockets());
    }

    /** The end of the last use. */
    Instant lastUse() {
        Instant seen = Instant.now().minusNanos(System.nanoTime() - activity.last());
        Instant byContexts = world.contextsUsed();
        return byContexts.isAfter(seen) ? byContexts : seen;
    }
}
