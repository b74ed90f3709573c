package marina.simulator.machine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** What goes wrong with one machine on command. Thread-safe. */
public final class MachineFaults {

    private final Map<String, ApiFault> api = new ConcurrentHashMap<>();
    private final AtomicReference<Death> death = new AtomicReference<>(Death.NONE);
    private volatile boolean broken;

    MachineFaults() {}

    /** What the Machines API does with its calls, by action; an absent one is {@link ApiFault#NONE}. */
    public Map<String, ApiFault> api() {
        return api;
    }

    /** Whether it refuses all connections of the edge. */
    public boolean broken() {
        return broken;
    }

    /** It is killed at a point of its next request, once. */
    public void dieAt(Death point) {
        death.set(point);
    }

    /** Whether it is to be killed at this point. */
    public boolean deathAt(Death point) {
        return death.get() == point;
    }

    void breakDown(boolean now) {
        broken = now;
    }

    boolean diesAt(Death point) {
        return point != Death.NONE && death.compareAndSet(point, Death.NONE);
    }
}
