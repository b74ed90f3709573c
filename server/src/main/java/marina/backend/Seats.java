package marina.backend;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The seats that are taken. Used in the letters of their room only. */
final class Seats {
    private final Map<String, Seat> taken = new LinkedHashMap<>();

    int size() {
        return taken.size();
    }

    /** How many will be free soon. */
    int leaving() {
        return (int) taken.values().stream().filter(Seat::isLeaving).count();
    }

    /** Whether a run of this key needs no seat of its own. */
    boolean canShare(String key) {
        Seat seat = taken.get(key);
        return seat != null && !seat.isLeaving();
    }

    void add(Lodger lodger) {
        taken.computeIfAbsent(lodger.key(), key -> new Seat()).add(lodger);
    }

    /**
     * Its run is over; does nothing when it has no seat.
     *
     * @return whether a seat that had been told to leave is free now
     */
    boolean remove(Lodger lodger) {
        Seat seat = taken.get(lodger.key());
        if (seat == null) {
            return false;
        }
        seat.remove(lodger);
        return seat.isEmpty() && taken.remove(lodger.key(), seat) && seat.isLeaving();
    }

    /** Those that nobody uses, the longest idle first; asks the backends, each of which takes its own lock for that. */
    List<Idle> idle() {
        // Their times go on while they are compared, so each is asked once.
        return taken.values().stream()
                .map(seat -> new Idle(seat, seat.idleTime()))
                .filter(idle -> idle.time.isIdle())
                .sorted(Comparator.comparingLong((Idle idle) -> idle.time.nanos())
                        .reversed())
                .toList();
    }

    /** A seat and how long it has been idle. */
    record Idle(Seat seat, IdleTime time) {}
}
