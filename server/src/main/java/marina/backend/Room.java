package marina.backend;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.config.LimitsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room for {@code limits.backends} processes. A start asks for a seat; when all are taken, the process that has been
 * idle for longest is stopped, and when none is idle the start waits its turn. Runs with the same key share a seat, so
 * that a successor never waits for the one that it replaces.
 *
 * <p>Its state changes by letters, one at a time, without a lock: while one is carried out backends are asked and told to
 * stop, which takes their locks. Thread-safe.
 */
public final class Room implements BackendListener {
    private static final Logger LOG = LoggerFactory.getLogger(Room.class);

    /** Rather than to stop another, the room waits for the longest idle one when it may be stopped that soon. */
    private static final Duration SHORT_GRACE = Duration.ofMillis(250);

    private final ScheduledExecutorService scheduler;
    private final Outbox letters = new Outbox();
    private final Set<Lodger> lodgers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean lookAsked = new AtomicBoolean();
    private volatile LimitsConfig limits;
    private volatile Occupancy occupancy;

    /** Whether somebody waits for an idle process, so that those that become idle tell. */
    private volatile boolean crowded;

    private final Seats seats = new Seats(); // this and what follows is used in letters only
    private final Map<String, Set<Asking>> queue = new LinkedHashMap<>();
    private String shortage = "";
    private @Nullable ScheduledFuture<?> nextLook;

    /** An empty room. */
    public Room(LimitsConfig limits, ScheduledExecutorService scheduler) {
        this.limits = limits;
        this.scheduler = scheduler;
        this.occupancy = new Occupancy(0, limits.backends(), 0);
    }

    /** Other limits, in effect at once: those who wait are let in, or the idle ones that are too many stopped. */
    public void limit(LimitsConfig next) {
        post(() -> limits = next);
    }

    /** How full it is. */
    public Occupancy occupancy() {
        return occupancy;
    }

    @Override
    public void changed(BackendState from, BackendState to, BackendStatus now) {
        if (to == BackendState.READY && crowded) {
            idle();
        }
    }

    @Override
    public boolean awaitsIdle() {
        return crowded;
    }

    /** However many become idle meanwhile, one look at all of them is enough. */
    @Override
    public void idle() {
        if (lookAsked.compareAndSet(false, true)) {
            post(() -> lookAsked.set(false));
        }
    }

    /**
     * Asks for a seat. Completes, at once when there is one, with what gives it back; with a {@link NoRoomException} when
     * there is none for {@code limits.queue_timeout}. Cancel this very future to withdraw.
     */
    CompletableFuture<Runnable> ask(Lodger lodger) {
        Asking asking = new Asking(lodger);
        post(() -> enter(asking));
        if (!asking.seat.isDone()) {
            limitWait(asking);
        }
        return asking.seat;
    }

    LimitsConfig limits() {
        return limits;
    }

    /** The memory of all who have a seat, in bytes. Takes a while. */
    long residentBytes() {
        return lodgers.stream().mapToLong(Lodger::residentBytes).sum();
    }

    /** Memory is short: one idle process is stopped now, unless one is on its way out, and one before each start. */
    void memoryShort(String why) {
        post(() -> {
            shortage = why;
            if (seats.leaving() == 0) {
                evictForMemory();
            }
        });
    }

    /** Memory is not short. */
    void memoryEnough() {
        post(() -> shortage = "");
    }

    private void limitWait(Asking asking) {
        LimitsConfig now = limits;
        try {
            var deadline = scheduler.schedule(
                    () -> asking.seat.completeExceptionally(new NoRoomException(now)),
                    now.queueTimeout().toNanos(),
                    TimeUnit.NANOSECONDS);
            var unused = asking.seat.whenComplete((seat, refusal) -> {
                deadline.cancel(false);
                if (refusal != null) {
                    post(() -> withdraw(asking));
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The server is stopping, {} is not started any more: {}", asking.lodger.key(), e.toString());
            post(() -> withdraw(asking));
            asking.seat.cancel(false);
        }
    }

    // In letters only from here on.

    private void post(Runnable change) {
        letters.add(() -> {
            try {
                change.run();
                distribute();
            } catch (RuntimeException e) {
                LOG.error(
                        "The room for backends is in disorder", e); // the next letter must be carried out all the same
            }
        });
        letters.flush();
    }

    private void enter(Asking asking) {
        if (seats.canShare(asking.lodger.key())) {
            grant(asking);
        } else {
            queue.computeIfAbsent(asking.lodger.key(), key -> new LinkedHashSet<>())
                    .add(asking);
        }
    }

    private void withdraw(Asking asking) {
        String key = asking.lodger.key();
        Set<Asking> group = queue.get(key);
        if (group != null && group.remove(asking) && group.isEmpty()) {
            queue.remove(key);
        }
    }

    private void distribute() {
        int most = limits.backends();
        while (!queue.isEmpty() && (most == 0 || seats.size() < most) && !waitsForMemory()) {
            Iterator<Set<Asking>> first = queue.values().iterator();
            Collection<Asking> next = first.next();
            first.remove();
            next.forEach(this::grant);
        }
        int missing = most == 0 ? 0 : seats.size() + queue.size() - most - seats.leaving();
        crowded = missing > 0; // before they are asked: who becomes idle after its answer will tell
        if (missing > 0) {
            evict(missing);
        }
        occupancy = new Occupancy(seats.size(), most, queue.size());
    }

    private void grant(Asking asking) {
        Lodger lodger = asking.lodger;
        seats.add(lodger);
        lodgers.add(lodger);
        if (!asking.seat.complete(() -> post(() -> free(lodger)))) {
            free(lodger); // withdrawn just now
        }
    }

    private void free(Lodger lodger) {
        lodgers.remove(lodger);
        if (seats.remove(lodger)) {
            shortage = ""; // until the next look at the memory, which sees the effect
        }
    }

    private void evict(int wanted) {
        int missing = wanted;
        long nextGrace = Long.MAX_VALUE;
        for (Seats.Idle idle : seats.idle()) {
            long grace = idle.time().grace();
            if (missing > 0 && grace > 0) {
                nextGrace = Math.min(nextGrace, grace);
                missing -= grace < SHORT_GRACE.toNanos() ? 1 : 0; // it is the next, in a moment
            } else if (missing > 0 && stop(idle, beneficiary())) {
                missing--;
            }
        }
        if (nextGrace < Long.MAX_VALUE) {
            lookAgain(nextGrace);
        }
    }

    /** For whom the next one that is told to leave makes room. */
    private String beneficiary() {
        int most = limits.backends();
        int waitingFrom = seats.size() - most;
        String limit = " (limits.backends: " + most + ")";
        return queue.keySet().stream()
                .skip(Math.max(0, seats.leaving() - waitingFrom))
                .findFirst()
                .filter(key -> seats.leaving() >= waitingFrom)
                .map(key -> "made room for " + key + limit)
                .orElse("more run than may" + limit);
    }

    /** Whether the next start is to wait for the end of one that is stopped because memory is short. */
    private boolean waitsForMemory() {
        return !shortage.isEmpty() && (seats.leaving() > 0 || evictForMemory());
    }

    private boolean evictForMemory() {
        return seats.idle().stream().filter(idle -> idle.time().mayMakeRoom()).anyMatch(idle -> stop(idle, shortage));
    }

    private static boolean stop(Seats.Idle idle, String why) {
        String span = Spans.text(Duration.ofNanos(idle.time().nanos()));
        return idle.seat().leave("idle for " + span + ", " + why);
    }

    private void lookAgain(long nanos) {
        ScheduledFuture<?> before = nextLook;
        if (before != null) {
            before.cancel(false);
        }
        try {
            nextLook = scheduler.schedule(this::idle, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The server is stopping, nobody makes room any more: {}", e.toString());
        }
    }

    /** One start that wants to run; equal to nothing but itself. */
    private static final class Asking {
        final Lodger lodger;
        final CompletableFuture<Runnable> seat = new CompletableFuture<>();

        Asking(Lodger lodger) {
            this.lodger = lodger;
        }
    }
}
