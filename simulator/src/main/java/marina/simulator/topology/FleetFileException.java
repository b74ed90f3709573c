package marina.simulator.topology;

import java.util.List;

/** FLEET.yml cannot be used; the message has one line for each problem, {@code file:line:col: key: what; what to write}. */
public final class FleetFileException extends RuntimeException {

    /** With all problems, in the order of the file. */
    public FleetFileException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
