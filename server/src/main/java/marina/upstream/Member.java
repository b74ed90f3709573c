package marina.upstream;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import marina.config.PoolConfig;
import marina.config.Secrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one member as long as it is one, whatever else of its pool changes. Its state changes under its lock, and
 * whoever listens is told outside of it; what each request asks is read without a lock. Thread-safe.
 */
final class Member {
    private static final Logger LOG = LoggerFactory.getLogger(Member.class);
    private static final Duration LONGEST_EJECTION = Duration.ofMinutes(5);
    private static final int ID_BYTES = 6;

    private final String where;
    private final String id;
    private final String url;
    private final PoolConfig.Ejection ejection;
    private final ScheduledExecutorService scheduler;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private volatile boolean drained;
    private volatile boolean ejected;
    private volatile MemberState health; // HEALTHY, UNHEALTHY or UNKNOWN
    private volatile String lastFailure = "";
    private int ejections; // in a row; guarded by this, as all below
    private long ejectedAt; // System.nanoTime()
    private long ejectedFor; // nanoseconds

    /**
     * A member.
     *
     * @param where the context, for messages
     * @param health what is known of it
     */
    Member(
            String where,
            URI url,
            PoolConfig.Ejection ejection,
            MemberState health,
            ScheduledExecutorService scheduler) {
        this.where = where;
        this.id = idOf(url);
        this.url = Secrets.maskUrl(url.toString());
        this.ejection = ejection;
        this.health = health;
        this.scheduler = scheduler;
    }

    /** What cookies call the member at a URL: the same on every machine and in every run. */
    private static String idOf(URI url) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(url.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    String id() {
        return id;
    }

    String url() {
        return url;
    }

    /** Tells somebody of each change of the state, until {@link #forget}. */
    void tell(Runnable listener) {
        listeners.add(listener);
    }

    void forget(Runnable listener) {
        listeners.remove(listener);
    }

    MemberState state() {
        if (drained) {
            return MemberState.DRAINED;
        }
        return ejected && health != MemberState.UNHEALTHY ? MemberState.EJECTED : health;
    }

    /** Whether it may go on with clients that belong to it. */
    boolean keepsClients() {
        return !ejected && health != MemberState.UNHEALTHY;
    }

    boolean isDrained() {
        return drained;
    }

    int inFlight() {
        return inFlight.get();
    }

    void enter() {
        inFlight.incrementAndGet();
        requests.increment();
    }

    void leave() {
        inFlight.decrementAndGet();
    }

    PoolStatus.MemberStatus status(double weight) {
        return new PoolStatus.MemberStatus(
                id, url, weight, state(), inFlight.get(), requests.sum(), failures.sum(), lastFailure);
    }

    /** A request has been answered. */
    void succeeded() {
        if (failuresInARow.get() != 0) {
            failuresInARow.set(0);
        }
    }

    /**
     * A request has failed.
     *
     * @return whether that was one too many in a row
     */
    boolean failed(String why) {
        failures.increment();
        note(why);
        return failuresInARow.incrementAndGet() >= ejection.failures() && ejection.failures() > 0 && !ejected;
    }

    /** Leaves it out for a while; for twice as long when it has failed again soon after the last time. */
    void eject() {
        Duration time;
        synchronized (this) {
            if (ejected) {
                return;
            }
            long now = System.nanoTime();
            boolean again = ejections > 0 && now - (ejectedAt + ejectedFor) < ejectedFor;
            ejections = again ? ejections + 1 : 1;
            time = ejection.time().multipliedBy(1L << Math.min(ejections - 1, 20));
            time = time.compareTo(LONGEST_EJECTION) > 0 ? longest() : time;
            ejectedAt = now;
            ejectedFor = time.toNanos();
            ejected = true;
        }
        LOG.warn(
                "{}: member {} is left out for {} after {} failed requests in a row, the last: {}",
                where,
                url,
                Words.time(time),
                failuresInARow.getAndSet(0),
                lastFailure);
        changed();
        long number = ejectedAt();
        try {
            var unused = scheduler.schedule(() -> endEjection(number), time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: the server is stopping", where);
        }
    }

    private Duration longest() {
        return ejection.time().compareTo(LONGEST_EJECTION) > 0 ? ejection.time() : LONGEST_EJECTION;
    }

    private synchronized long ejectedAt() {
        return ejectedAt;
    }

    private void endEjection(long begun) {
        synchronized (this) {
            if (!ejected || ejectedAt != begun) {
                return;
            }
            ejected = false;
        }
        LOG.info("{}: member {} gets requests again, to see how it does", where, url);
        changed();
    }

    /** A check has found it well; that ends what came of failing requests before. */
    void healthy() {
        boolean before;
        synchronized (this) {
            if (health == MemberState.HEALTHY) {
                return;
            }
            before = health == MemberState.UNHEALTHY;
            health = MemberState.HEALTHY;
            ejected = false;
            ejections = 0;
        }
        failuresInARow.set(0);
        if (before) {
            LOG.info("{}: member {} is healthy again", where, url);
        }
        changed();
    }

    /** A check has failed. */
    void unhealthy(String why) {
        synchronized (this) {
            if (health == MemberState.UNHEALTHY) {
                return;
            }
            health = MemberState.UNHEALTHY;
        }
        LOG.warn("{}: member {} is unhealthy: {}", where, url, why);
        changed();
    }

    /** The operator takes it out or back in. */
    void drain(boolean out) {
        synchronized (this) {
            if (drained == out) {
                return;
            }
            drained = out;
        }
        LOG.info("{}: member {} {}", where, url, out ? "is drained: it gets no new clients" : "is enabled");
        changed();
    }

    /** Goes on as another one that stood for the same server. */
    void inherit(Member before) {
        drained = before.drained;
        lastFailure = before.lastFailure;
        if (health == MemberState.UNKNOWN) {
            health = before.health;
        }
    }

    /** Remembers why a request or a check has failed. */
    void note(String why) {
        lastFailure = Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + why;
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }
}
