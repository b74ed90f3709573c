package marina.machine;

/** Hears of the states of the machine, in their order, on a thread that must not be blocked. */
@FunctionalInterface
public interface MachineListener {

    /** It goes from one state to another. */
    void changed(MachineState from, MachineState to, String reason);
}
