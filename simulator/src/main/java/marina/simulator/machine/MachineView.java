package marina.simulator.machine;

import java.util.Map;

/**
 * What the fleet's directory says of a machine at some moment. Immutable.
 *
 * @param address its loopback address, IPv4
 */
public record MachineView(
        String id,
        String app,
        String region,
        String group,
        String address,
        MachineState state,
        Map<String, String> metadata,
        boolean skipDns) {

    /** Copies the metadata. */
    public MachineView {
        metadata = Map.copyOf(metadata);
    }

    /** Whether it runs. */
    public boolean started() {
        return state == MachineState.STARTED;
    }
}
