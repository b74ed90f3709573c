package marina.backend;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One of the places that {@code limits.backends} counts, shared by the runs of one key. Used in the letters of its room
 * only.
 */
final class Seat {
    private final Set<Lodger> lodgers = new LinkedHashSet<>();
    private boolean leaving;

    /** One more; whoever comes stays. */
    void add(Lodger lodger) {
        lodgers.add(lodger);
        leaving = false;
    }

    void remove(Lodger lodger) {
        lodgers.remove(lodger);
    }

    boolean isEmpty() {
        return lodgers.isEmpty();
    }

    /** Whether it has been told to make room. */
    boolean isLeaving() {
        return leaving;
    }

    /** How long none of its runs has been used. */
    IdleTime idleTime() {
        return leaving
                ? IdleTime.NONE
                : lodgers.stream().map(Lodger::idleTime).reduce(IdleTime::and).orElse(IdleTime.NONE);
    }

    /** Begins to stop all of its runs; false when one is in use again. */
    boolean leave(String why) {
        leaving = lodgers.stream().allMatch(lodger -> lodger.stopIfIdle(why));
        return leaving;
    }
}
