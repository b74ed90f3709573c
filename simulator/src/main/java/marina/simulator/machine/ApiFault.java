package marina.simulator.machine;

/** What the Machines API does with a call on command. */
public enum ApiFault {
    /** As it should. */
    NONE,
    /** Answers 412. */
    REFUSE,
    /** Answers 500. */
    FAIL,
    /** Does not answer until the caller gives up. */
    TIMEOUT,
    /** Answers 200 and does nothing. */
    NOTHING
}
