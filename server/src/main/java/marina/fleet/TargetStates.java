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
    private final Doubts doubts;

    /**
     * States by what a directory says.
     *
     * @param coldStart how long a machine may take until it listens
     */
    public TargetStates(Directory directory, ScheduledExecutorService scheduler, Duration coldStart) {
        this.directory = directory;
        this.scheduler = scheduler;
        this.doubts = new Doubts(coldStart);
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
                .thenCompose(seen -> seen.state() == TargetState.ABSENT && number + 1 < places.size()
                        ? look(places, number + 1)
                        : CompletableFuture.completedFuture(sighting(place, seen)));
    }

    private Sighting sighting(Place place, Seen seen) {
        if (seen.state() == TargetState.ASLEEP) {
            doubts.sleeps(place);
        }
        boolean doubtful = seen.state() == TargetState.LIVE && !doubts.isSure(place);
        return new Sighting(place, seen.state(), !seen.stale() && !doubtful);
    }

    /** A machine there did not take a connection: for ten seconds, others are asked first where others will do. */
    public void refused(Place place) {
        doubts.refused(place);
    }

    /** Whether that was a moment ago. */
    public boolean hasRefused(Place place) {
        return doubts.hasRefused(place);
    }

    /** The same places, those that have refused a connection behind the others. */
    public List<Place> refusedLast(List<Place> places) {
        return doubts.refusedLast(places);
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
        return directory.dns().reachable(host).thenApply(answer -> any(answer.addresses()));
    }

    private static Optional<InetAddress> any(List<InetAddress> addresses) {
        return addresses.isEmpty()
                ? Optional.empty()
                : Optional.of(addresses.get(ThreadLocalRandom.current().nextInt(addresses.size())));
    }

    /**
     * What a directory says.
     *
     * @param stale whether it has said so a while ago
     */
    record Seen(TargetState state, boolean stale) {}

    /** Where to read what lives. Thread-safe. */
    interface Directory {
        /** Completes in the time-out of DNS, and never exceptionally. */
        CompletableFuture<Seen> state(Place place);

        /** The addresses of a machine that runs there. */
        CompletableFuture<List<InetAddress>> addresses(Place place);

        FleetDns dns();
    }
}
