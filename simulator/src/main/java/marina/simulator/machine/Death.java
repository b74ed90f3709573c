package marina.simulator.machine;

/** At which point of its next request a machine is killed (kill -9) on command. */
public enum Death {
    /** Not at all. */
    NONE,
    /** When the edge has connected, before it sends anything. */
    ON_CONNECT,
    /** When the head of the request has been sent but for its last two bytes, so that it cannot answer. */
    ON_REQUEST,
    /** When the head of the answer has come. */
    ON_ANSWER
}
