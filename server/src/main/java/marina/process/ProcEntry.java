package marina.process;

/**
 * One process in the system's table.
 *
 * @param pid its id
 * @param state one letter as in proc(5); {@code Z} for a zombie
 * @param group its process group
 * @param session its session
 * @param startTicks when it started, in clock ticks since boot; together with the pid it names one process for good
 */
record ProcEntry(long pid, char state, long group, long session, long startTicks) {

    /** What names it for good. */
    Id id() {
        return new Id(pid, startTicks);
    }

    /** Whether it can still do anything; a zombie only waits to be reaped. */
    boolean alive() {
        return state != 'Z' && state != 'X' && state != 'x';
    }

    /** A process, also when its pid is given to another later. */
    record Id(long pid, long startTicks) {}
}
