package marina.backend;

/**
 * For how long something has not been used.
 *
 * @param nanos since the end of its last use; negative when it cannot be stopped for others at all, because it is in use,
 *     not ready or to be kept
 * @param grace nanoseconds until it may be stopped for others; zero or less when it may be now
 */
record IdleTime(long nanos, long grace) {
    /** It cannot be stopped for others. */
    static final IdleTime NONE = new IdleTime(-1, 0);

    boolean isIdle() {
        return nanos >= 0;
    }

    boolean mayMakeRoom() {
        return isIdle() && grace <= 0;
    }

    /** Of two together. */
    IdleTime and(IdleTime other) {
        return isIdle() && other.isIdle()
                ? new IdleTime(Math.min(nanos, other.nanos), Math.max(grace, other.grace))
                : NONE;
    }
}
