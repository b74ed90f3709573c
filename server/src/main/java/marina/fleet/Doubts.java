package marina.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Places that may not answer although DNS says that they run: a machine counts as running before its program listens, and for a
 * moment after it has died. Of the places of one configuration. Thread-safe.
 */
final class Doubts {
    /** How long a connection that was refused is remembered. */
    private static final Duration REFUSAL = Duration.ofSeconds(10);

    private final long booting;
    private final Map<Place, Long> starts = new ConcurrentHashMap<>(); // until when they may be starting
    private final Map<Place, Long> refusals = new ConcurrentHashMap<>(); // until when they are remembered

    /**
     * None yet.
     *
     * @param coldStart how long a machine may take until it listens
     */
    Doubts(Duration coldStart) {
        booting = coldStart.toNanos();
    }

    /** It does not run: when it does, it has just been started. */
    void sleeps(Place place) {
        starts.put(place, System.nanoTime() + booting);
    }

    /** It did not take a connection. */
    void refused(Place place) {
        refusals.put(place, System.nanoTime() + REFUSAL.toNanos());
    }

    boolean hasRefused(Place place) {
        return isIn(refusals, place);
    }

    boolean isSure(Place place) {
        return !hasRefused(place) && !isIn(starts, place);
    }

    /** The same places, those that have refused a connection behind the others. */
    List<Place> refusedLast(List<Place> places) {
        if (refusals.isEmpty() || places.stream().noneMatch(this::hasRefused)) {
            return places;
        }
        List<Place> ordered = new ArrayList<>(places);
        ordered.sort((one, other) -> Boolean.compare(hasRefused(one), hasRefused(other)));
        return ordered;
    }

    private static boolean isIn(Map<Place, Long> times, Place place) {
        Long until = times.isEmpty() ? null : times.get(place);
        if (until == null) {
            return false;
        }
        boolean holds = System.nanoTime() - until < 0;
        if (!holds) {
            times.remove(place, until);
        }
        return holds;
    }
}
