package marina.simulator.machine;

/** A machine cannot do what it is asked for, in its state; the message says which. */
public final class MachineRefusal extends RuntimeException {

    MachineRefusal(String message) {
        super(message);
    }
}
