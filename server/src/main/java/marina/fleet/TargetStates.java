package marina.fleet;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether places live. A request waits for that no longer than 50 ms: then what was known last is used, or nothing is
 * known. Thread-safe; blocks nobody.
 */
public final class TargetStates {
    /** What finding out may add to a request. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final Directory directory;
    private final ScheduledExecutorService scheduler;

    /** States by what a directory says. */
    public TargetStates(Directory directory, ScheduledExecutorService scheduler) {
        this.directory = directory;
        this.scheduler = scheduler;
    }

    /**
     * The first place that is not absent, else the last.
     *
     * @param places at least one
     * @return completes within 50 ms, and never exceptionally
     */
    public CompletableFuture<Sighting> look(List<Place> places) {
        CompletableFuture<Sighting> found = look(places, 0);
        if (found.isDone()) {
            return found;
        }
        CompletableFuture<Sighting> inTime = new CompletableFuture<>();
        var deadline = scheduler.schedule(
                () -> inTime.complete(new Sighting(places.get(0), TargetState.UNKNOWN)),
                PATIENCE.toMillis(),
                TimeUnit.MILLISECONDS);
        var unused = found.whenComplete((sighting, failure) -> {
            deadline.cancel(false);
            inTime.complete(sighting != null ? sighting : new Sighting(places.get(0), TargetState.UNKNOWN));
        });
        return inTime;
    }

    private CompletableFuture<Sighting> look(List<Place> places, int number) {
        Place place = places.get(number);
        return directory
                .state(place)
                .thenCompose(state -> state == TargetState.ABSENT && number + 1 < places.size()
                        ? look(places, number + 1)
                        : CompletableFuture.completedFuture(new Sighting(place, state)));
    }

    /**
     * An address of a machine that runs at a place, any of those that there are.
     *
     * @return completes within the time-out of DNS; empty when there is none or DNS does not say
     */
    public CompletableFuture<Optional<InetAddress>> address(Place place) {
        return directory.addresses(place).thenApply(TargetStates::any);
    }

    /** An address of a name. */
    public CompletableFuture<Optional<InetAddress>> addressOf(String host) {
        return directory.dns().addresses(host, false).thenApply(answer -> any(answer.addresses()));
    }

    private static Optional<InetAddress> any(List<InetAddress> addresses) {
        return addresses.isEmpty()
                ? Optional.empty()
                : Optional.of(addresses.get(ThreadLocalRandom.current().nextInt(addresses.size())));
    }

    /** Where to read what lives. Thread-safe. */
    interface Directory {
        /** Completes in the time-out of DNS, and never exceptionally. */
        CompletableFuture<TargetState> state(Place place);

        /** The addresses of a machine that runs there. */
        CompletableFuture<List<InetAddress>> addresses(Place place);

        FleetDns dns();
    }
}
