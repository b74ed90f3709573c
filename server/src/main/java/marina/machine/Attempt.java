package marina.machine;

import marina.config.IdleConfig;

/** One attempt of the machine to fall asleep; equal to nothing but itself. Used by one thread. */
final class Attempt {
    final IdleConfig idle;
    private final long lastUse;
    private boolean prepared;
    private boolean accepted;
    private long askedAt;

    /**
     * Begins now.
     *
     * @param lastUse of the machine; whatever is newer ends the attempt
     */
    Attempt(IdleConfig idle, long lastUse) {
        this.idle = idle;
        this.lastUse = lastUse;
    }

    boolean isOutrun(Activity activity) {
        return activity.last() != lastUse || activity.isHeld();
    }

    /** Contexts and hooks are ready for sleep. */
    void prepared() {
        prepared = true;
    }

    boolean isPrepared() {
        return prepared;
    }

    void asked(long now) {
        askedAt = now;
    }

    /** The API has said yes. */
    void accepted() {
        accepted = true;
    }

    boolean isAccepted() {
        return accepted;
    }

    /** Whether the machine should sleep by now. */
    boolean isOverdue(long now) {
        return now - askedAt > idle.patience().toNanos();
    }
}
