package marina.simulator.edge;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import marina.simulator.machine.Death;
import marina.simulator.machine.Fleet;
import marina.simulator.machine.Machine;
import marina.simulator.machine.MachineState;
import org.jspecify.annotations.Nullable;

/** Gets a connection to a machine of a route, waking it if need be. Blocking; thread-safe. */
final class Reach {

    private static final Duration PAUSE = Duration.ofMillis(25);
    private static final Set<MachineState> SETTLED =
            EnumSet.of(MachineState.STARTED, MachineState.STOPPED, MachineState.DESTROYED);

    private final Fleet fleet;
    private final Balancer balancer;
    private final Random chance; // thread-safe by itself

    Reach(Fleet fleet) {
        this.fleet = fleet;
        this.balancer = new Balancer(fleet);
        this.chance = new Random(fleet.topology().chaos().seed());
    }

    /**
     * What has come of it: a link, or the reason why there is none.
     *
     * @param reason {@code no_candidate}, {@code timeout} or {@code retries_exhausted}, as in fly-replay-failed
     */
    record Outcome(@Nullable MachineLink link, String reason, long elapsedMillis) {}

    /**
     * Tries until it is connected, or the time of the route is over.
     *
     * @param from the region of the edge
     * @param why for the journal, when a machine is woken
     */
    Outcome connect(Route route, String from, String why) throws InterruptedException {
        long begin = System.nanoTime();
        Duration patience = route.timeout().orElse(fleet.topology().retryFor());
        long deadline = begin + patience.toNanos();
        while (true) {
            Balancer.Candidates candidates = balancer.candidates(route, from);
            if (candidates.machines().isEmpty() && !candidates.later()) {
                return new Outcome(null, "no_candidate", millisSince(begin));
            }
            for (Machine machine : candidates.machines()) {
                MachineLink link = tryOne(machine, route, deadline, why);
                if (link != null) {
                    return new Outcome(link, "", millisSince(begin));
                }
            }
            if (System.nanoTime() >= deadline) {
                String reason = route.timeout().isPresent() ? "timeout" : "retries_exhausted";
                return new Outcome(null, reason, millisSince(begin));
            }
            fleet.awaitChange(shorter(PAUSE, deadline));
        }
    }

    /** A machine that has just been started gets the time it needs to listen; one that runs must do so at once. */
    private @Nullable MachineLink tryOne(Machine machine, Route route, long deadline, String why)
            throws InterruptedException {
        if (machine.faults().broken()
                || chance.nextDouble() < fleet.topology().chaos().connect()) {
            return null;
        }
        if (machine.state() != MachineState.STARTED && !wake(machine, deadline, why)) {
            return null;
        }
        int port = route.app()
                .service(route.port())
                .map(service -> service.internalPort())
                .orElse(0);
        int turn = machine.turn();
        do {
            if (!machine.load().enter(machine.app().hardLimit())) {
                return null;
            }
            Optional<MachineLink> link = dial(machine, port, turn);
            if (link.isPresent()) {
                return link.get();
            }
            if (!machine.booting() || machine.turn() != turn || machine.faults().broken()) {
                return null;
            }
            fleet.awaitChange(shorter(PAUSE, deadline));
        } while (System.nanoTime() < deadline);
        return null;
    }

    /** A frozen process still accepts connections, so what counts is that nothing has changed since it was seen to run. */
    private static Optional<MachineLink> dial(Machine machine, int port, int turn) {
        try {
            MachineLink link = MachineLink.to(machine, port);
            if (machine.turn() != turn || machine.state() != MachineState.STARTED) {
                link.close();
                return Optional.empty();
            }
            machine.listens();
            machine.maybeDie(Death.ON_CONNECT);
            return Optional.of(link);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean wake(Machine machine, long deadline, String why) throws InterruptedException {
        long left = Math.max(1, deadline - System.nanoTime());
        try {
            machine.start(why).get(left, TimeUnit.NANOSECONDS);
            left = Math.max(1, deadline - System.nanoTime());
            return machine.reached(SETTLED).get(left, TimeUnit.NANOSECONDS) == MachineState.STARTED;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static Duration shorter(Duration pause, long deadline) {
        long left = Math.max(1_000_000, deadline - System.nanoTime());
        return left < pause.toNanos() ? Duration.ofNanos(left) : pause;
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }
}
