package marina.fleet;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What Fly's DNS says: {@code vms.APP.internal} names the machines that run, {@code all.vms.APP.internal} those that are deployed. Where
 * these do not show that a place lives, the addresses of the place itself are asked for: they exist only while it runs.
 */
public final class FlyDirectory implements TargetStates.Directory {
    private final FleetDns dns;
    private final Here here;

    /** Seen from a machine. */
    public FlyDirectory(FleetDns dns, Here here) {
        this.dns = dns;
        this.here = here;
    }

    @Override
    public FleetDns dns() {
        return dns;
    }

    @Override
    public CompletableFuture<TargetStates.Seen> state(Place place) {
        return state(place, false);
    }

    private CompletableFuture<TargetStates.Seen> state(Place place, boolean current) {
        String app = place.appFrom(here);
        CompletableFuture<DnsAnswer> started = dns.texts("vms." + app + ".internal", current);
        if (started.isDone() && Machines.parse(started.join().texts()).isAt(place)) {
            return CompletableFuture.completedFuture(
                    new TargetStates.Seen(TargetState.LIVE, started.join().stale()));
        }
        return started.thenCombine(dns.texts("all.vms." + app + ".internal", current), (running, deployed) -> {
                    TargetState state = stateOf(place, running, deployed);
                    boolean stale = running.stale() || deployed.stale();
                    return new TargetStates.Seen(state, stale);
                })
                .thenCompose(seen -> confirm(place, seen));
    }

    static TargetState stateOf(Place place, DnsAnswer running, DnsAnswer deployed) {
        if (Machines.parse(running.texts()).isAt(place)) {
            return TargetState.LIVE;
        }
        if (running.kind() == DnsAnswer.Kind.FAILED) {
            return TargetState.UNKNOWN;
        }
        if (Machines.parse(deployed.texts()).isAt(place)) {
            return TargetState.ASLEEP;
        }
        return deployed.kind() == DnsAnswer.Kind.FAILED ? TargetState.UNKNOWN : TargetState.ABSENT;
    }

    /** Nobody is turned away because of an answer that is over, or of one alone. */
    private CompletableFuture<TargetStates.Seen> confirm(Place place, TargetStates.Seen seen) {
        if (seen.state() == TargetState.ABSENT && seen.stale()) {
            return state(place, true);
        }
        if (seen.state() != TargetState.ABSENT && seen.state() != TargetState.UNKNOWN) {
            return CompletableFuture.completedFuture(seen);
        }
        return dns.ipv6(nameOf(place), false)
                .thenApply(own -> own.isFound() ? new TargetStates.Seen(TargetState.LIVE, own.stale()) : seen);
    }

    private String nameOf(Place place) {
        String app = place.appFrom(here);
        if (!place.machine().isEmpty()) {
            return machine(place.machine(), app);
        }
        return (place.region().isEmpty() ? "" : place.region() + ".") + app + ".internal";
    }

    private static String machine(String id, String app) {
        return id + ".vm." + app + ".internal";
    }

    @Override
    public CompletableFuture<List<InetAddress>> addresses(Place place) {
        String app = place.appFrom(here);
        return dns.texts("vms." + app + ".internal", false).thenCompose(running -> {
            List<String> machines = Machines.parse(running.texts()).at(place);
            String name = machines.isEmpty()
                    ? nameOf(place)
                    : machine(machines.get(ThreadLocalRandom.current().nextInt(machines.size())), app);
            return dns.reachable(name).thenApply(DnsAnswer::addresses);
        });
    }
}
