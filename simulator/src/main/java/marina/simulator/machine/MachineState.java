package marina.simulator.machine;

import java.util.Locale;

/** The states of a machine that this world plays; the names are those of the Machines API. */
public enum MachineState {
    /** Its process is about to run. */
    STARTING,
    /** Its process runs. */
    STARTED,
    /** It has been told to end. */
    STOPPING,
    /** It has no process. */
    STOPPED,
    /** It is about to be frozen; a start keeps it running. */
    SUSPENDING,
    /** Its processes are frozen. */
    SUSPENDED,
    /** It does not come back. */
    DESTROYED;

    /** As the API writes it. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
