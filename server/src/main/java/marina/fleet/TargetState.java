package marina.fleet;

/** What DNS says of a place. */
public enum TargetState {
    /** A machine runs there. */
    LIVE,
    /** A machine is there and does not run; a request wakes it. */
    ASLEEP,
    /** There is none. */
    ABSENT,
    /** DNS did not say. */
    UNKNOWN
}
