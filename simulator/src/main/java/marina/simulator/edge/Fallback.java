package marina.simulator.edge;

/** Where a request goes whose replay has not reached any machine. */
enum Fallback {
    /** Nowhere: the client gets an error. */
    NONE,
    /** To the machine that asked for the replay. */
    FORCE_SELF,
    /** To any machine of the app that asked for the replay. */
    PREFER_SELF
}
