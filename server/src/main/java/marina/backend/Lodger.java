package marina.backend;

/** One run of a process that has or wants room, from the decision to start it to its end. Thread-safe. */
interface Lodger {

    /** Runs of the same key share a seat: they are generations of one application, of which the younger takes over. */
    String key();

    /** How long nobody has used it. */
    IdleTime idleTime();

    /**
     * Begins to stop it.
     *
     * @param why for the log
     * @return whether it does; not when somebody uses it again
     */
    boolean stopIfIdle(String why);

    /** Memory of its processes in bytes, 0 when that is not known. May take some milliseconds. */
    long residentBytes();
}
