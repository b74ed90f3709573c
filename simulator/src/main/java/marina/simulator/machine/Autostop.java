package marina.simulator.machine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import marina.simulator.topology.Topology;
import marina.simulator.topology.Topology.App;

/** Stops or suspends machines that have nothing to do, as Fly's loop does, only more often. */
final class Autostop {

    private final Fleet fleet;

    Autostop(Fleet fleet) {
        this.fleet = fleet;
    }

    /** One machine of each app in each region, where more run than must. Open WebSockets are load. */
    void pass() {
        for (App app : fleet.topology().apps()) {
            List<Machine> running = new ArrayList<>(fleet.machines(app));
            running.removeIf(machine -> machine.state() != MachineState.STARTED);
            int spare = running.size() - app.minRunning();
            Set<String> regions = new HashSet<>();
            for (Machine machine : running) {
                boolean idle = machine.load().idle().compareTo(fleet.topology().autostopEvery()) >= 0;
                boolean wanted = machine.spec().autostop() != Topology.Autostop.OFF;
                if (spare > 0 && idle && wanted && regions.add(machine.spec().region())) {
                    spare--;
                    stop(machine);
                }
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the journal tells what comes of it
    private void stop(Machine machine) {
        if (machine.spec().autostop() == Topology.Autostop.SUSPEND && machine.suspendable()) {
            machine.suspend(fleet.topology().suspendDelay(), "autostop");
        } else {
            machine.stop(Optional.empty(), Optional.empty(), "autostop");
        }
    }
}
