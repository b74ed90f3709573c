package marina.simulator.edge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import marina.simulator.machine.Fleet;
import marina.simulator.machine.Machine;
import marina.simulator.machine.MachineState;
import marina.simulator.topology.Regions;

/** Puts the machines that may get a request into the order in which they are tried. Thread-safe. */
final class Balancer {

    private final Fleet fleet;

    Balancer(Fleet fleet) {
        this.fleet = fleet;
    }

    /**
     * What there is for a route.
     *
     * @param machines to be tried, best first
     * @param later whether others might be there soon: they are full, or about to stop
     */
    record Candidates(List<Machine> machines, boolean later) {}

    Candidates candidates(Route route, String from) {
        List<Machine> now = new ArrayList<>();
        boolean later = false;
        if (route.app().service(route.port()).isEmpty()) {
            return new Candidates(now, false);
        }
        for (Machine machine : fleet.machines(route.app())) {
            if (!fits(machine, route, from)) {
                continue;
            }
            int hardLimit = machine.app().hardLimit();
            if (machine.state() == MachineState.STOPPING
                    || (hardLimit > 0 && machine.load().requests() >= hardLimit)) {
                later = true;
            } else {
                now.add(machine);
            }
        }
        String preferred = route.preferInstance().orElse("");
        now.sort(Comparator.<Machine>comparingInt(machine -> machine.id().equals(preferred) ? 0 : 1)
                .thenComparingInt(machine -> rank(machine, route, from))
                .thenComparingInt(Balancer::readiness)
                .thenComparingDouble(machine -> fleet.topology()
                        .regions()
                        .roundTrip(from, machine.spec().region()))
                .thenComparingInt(machine -> machine.load().requests()));
        return new Candidates(now, later);
    }

    private boolean fits(Machine machine, Route route, String from) {
        boolean wanted = route.instance().map(machine.id()::equals).orElse(true)
                && !route.excluded().contains(machine.id())
                && !machine.cordoned()
                && (!route.forced()
                        || rank(machine, route, from) < route.regions().size());
        return wanted
                && switch (machine.state()) {
                    case STARTED, STARTING, STOPPING -> true;
                    case STOPPED, SUSPENDED, SUSPENDING -> machine.spec().autostart();
                    case DESTROYED -> false;
                };
    }

    /** The place of its region in the list of the route. */
    private int rank(Machine machine, Route route, String from) {
        Regions regions = fleet.topology().regions();
        for (int i = 0; i < route.regions().size(); i++) {
            if (regions.expand(route.regions().get(i), from)
                    .contains(machine.spec().region())) {
                return i;
            }
        }
        return route.regions().size();
    }

    /** Machines that run come first, then those that must be woken, then those above their soft limit. */
    private static int readiness(Machine machine) {
        if (machine.state() != MachineState.STARTED) {
            return 1;
        }
        int softLimit = machine.app().softLimit();
        return softLimit > 0 && machine.load().requests() >= softLimit ? 2 : 0;
    }
}
