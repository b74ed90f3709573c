package marina.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * The leases of background work: while one is held, the machine does not sleep. Each ends by itself. Time in which the machine
 * sleeps all the same does not count. Thread-safe.
 */
public final class ActivityLeases {
    /** How long one lasts when nobody says. */
    public static final Duration USUAL = Duration.ofMinutes(10);

    /** How long one may last; whoever works longer renews it. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private static final int MOST = 1000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final TreeMap<String, Held> held = new TreeMap<>(); // guarded by this
    private final LongSupplier nanoTime;
    private final Runnable onUse;

    /**
     * None is held.
     *
     * @param onUse called when one begins or ends
     */
    ActivityLeases(LongSupplier nanoTime, Runnable onUse) {
        this.nanoTime = nanoTime;
        this.onUse = onUse;
    }

    /**
     * Takes a lease, or renews the one of this name.
     *
     * @param context what it pins, for {@link #all}; empty for none
     * @param unpin called once when it ends
     * @throws IllegalArgumentException in the operator's words, when the name or the time is none, or too many are held; then
     *     {@code unpin} is not called
     */
    public void take(String name, Duration ttl, String context, Runnable unpin) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is no name of a lease; use up to 100 letters, digits, dots, - and _");
        }
        if (ttl.isZero() || ttl.isNegative() || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a lease lasts up to one day; write e.g. 10m and renew it");
        }
        List<Held> ended = new ArrayList<>();
        synchronized (this) {
            sweep(ended);
            if (held.size() >= MOST && !held.containsKey(name)) {
                throw new IllegalArgumentException("there are " + MOST + " leases already; release some");
            }
            Held before = held.put(name, new Held(nanoTime.getAsLong() + ttl.toNanos(), context, unpin));
            if (before != null) {
                ended.add(before);
            }
        }
        onUse.run();
        end(ended);
    }

    /** Ends a lease; false when none of this name is held. */
    public boolean release(String name) {
        List<Held> ended = new ArrayList<>();
        Held found;
        synchronized (this) {
            sweep(ended);
            found = held.remove(name);
        }
        if (found != null) {
            ended.add(found);
        }
        end(ended);
        return found != null;
    }

    /** Those that are held, by name. */
    public List<ActivityLease> all() {
        List<Held> ended = new ArrayList<>();
        List<ActivityLease> all = new ArrayList<>();
        synchronized (this) {
            sweep(ended);
            long now = nanoTime.getAsLong();
            held.forEach((name, lease) ->
                    all.add(new ActivityLease(name, Duration.ofNanos(lease.until - now), lease.context)));
        }
        end(ended);
        return all;
    }

    /** Whether any is held; ends those whose time is over. */
    boolean any() {
        List<Held> ended = new ArrayList<>();
        boolean any;
        synchronized (this) {
            sweep(ended);
            any = !held.isEmpty();
        }
        end(ended);
        return any;
    }

    private void end(List<Held> leases) {
        for (Held lease : leases) {
            lease.unpin.run();
            onUse.run();
        }
    }

    /** To be called with the lock. */
    private void sweep(List<Held> ended) {
        long now = nanoTime.getAsLong();
        held.values().removeIf(lease -> {
            boolean over = lease.until - now <= 0;
            if (over) {
                ended.add(lease);
            }
            return over;
        });
    }

    /** Until when, by the clock, and what it pins. */
    private record Held(long until, String context, Runnable unpin) {}
}
