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
        long timeout = idle.timeout().toNanos();
        if (idle.websocketsHold() && (activity.hasUpgraded() || now - activity.lastUpgraded() < timeout)) {
            return false;
        }
        if (now - activity.last() < timeout || world.contextsInUse(idle.websocketsHold())) {
            return false;
        }
        return !Instant.now().minus(idle.timeout()).isBefore(world.contextsUsed());
    }

    /** Whether an application, a WebSocket or something in the background is at work. */
    boolean isBusy(IdleConfig idle) {
        boolean hold = idle.websocketsHold();
        return activity.isHeld() || leases.any() || (hold && activity.hasUpgraded()) || world.contextsInUse(hold);
    }

    /** Whether a request, a WebSocket or something like it goes on, be it a use of the machine or not. */
    boolean isInUse(IdleConfig idle) {
        return world.isAnswering() || isBusy(idle);
    }

    /** The end of the last use. */
    Instant lastUse() {
        long now = System.nanoTime();
        Instant seen = Instant.now().minusNanos(Math.min(now - activity.last(), now - activity.lastUpgraded()));
        Instant byContexts = world.contextsUsed();
        return byContexts.isAfter(seen) ? byContexts : seen;
    }
}
