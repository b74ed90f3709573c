package marina.backend;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One instance from ready to end, with the count of those who use it. Guarded by the backend's lock.
 *
 * @param <I> what runs
 */
final class Run<I extends Instance> {
    /**
     * Who was shown the page of a start comes back after two seconds. Until somebody has used it, it stays for that: else
     * two applications that start slowly would stop each other for ever and never answer.
     */
    private static final Duration LONGEST_STAY = Duration.ofSeconds(5);

    /** What starts faster is cheap to start again; what does not stays for as long, so that no less time goes into service. */
    private static final Duration CHEAP_START = Duration.ofSeconds(2);

    /** For the further requests of a page that has just been loaded. */
    private static final Duration SHORT_STAY = Duration.ofMillis(100);

    final Duration took;
    final I instance;
    final CompletableFuture<String> ended;
    final long pid;
    final String address;
    final long readyAt = System.nanoTime();
    private volatile int leases; // written with the lock held
    private boolean used;
    private long lastClose = readyAt;

    /** Has just become ready, after a start that took this long. */
    Run(I instance, Duration took) {
        this.took = took;
        this.instance = instance;
        this.ended = instance.ended();
        this.pid = instance.pid();
        this.address = instance.address();
    }

    /** Tells why it ended, on the executor, when it has. */
    void watch(Consumer<String> onEnd, Executor executor) {
        var unused = ended.whenCompleteAsync(
                (why, failure) -> onEnd.accept(failure == null ? why : Outside.messageOf(failure)), executor);
    }

    /** Why it ended, when it has. */
    String reason() {
        return ended.isCompletedExceptionally() ? "it ended" : ended.getNow("");
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
    void opened() {
        leases++;
        used = true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
    void closed() {
        leases--;
        lastClose = System.nanoTime();
    }

    int leases() {
        return leases;
    }

    /** Its leases, or {@link Backend#NOT_READY} when it has ended. May be asked without the lock. */
    int load() {
        return ended.isDone() ? Backend.NOT_READY : leases;
    }

    /** Nanoseconds since the last lease was closed, or since it became ready. */
    long idleNanos() {
        return System.nanoTime() - lastClose;
    }

    /** As others see it who want its room. */
    IdleTime idleTime() {
        if (leases > 0 || ended.isDone()) {
            return IdleTime.NONE;
        }
        return new IdleTime(idleNanos(), stay().toNanos() - readyNanos());
    }

    private Duration stay() {
        if (!used || took.compareTo(LONGEST_STAY) > 0) {
            return LONGEST_STAY;
        }
        return took.compareTo(CHEAP_START) > 0 ? took : SHORT_STAY;
    }

    /** Nanoseconds since it became ready. */
    long readyNanos() {
        return System.nanoTime() - readyAt;
    }
}
