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
    private static final Duration STAY_UNUSED = Duration.ofSeconds(5);

    private static final Duration SHORTEST_STAY = Duration.ofMillis(100);

    final Duration took;
    final I instance;
    final CompletableFuture<String> ended;
    final long pid;
    final String address;
    final long readyAt = System.nanoTime();
    private int leases;
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

    void opened() {
        leases++;
        used = true;
    }

    void closed() {
        leases--;
        lastClose = System.nanoTime();
    }

    int leases() {
        return leases;
    }

    /** Nanoseconds since the last lease was closed, or since it became ready. */
    long idleNanos() {
        return System.nanoTime() - lastClose;
    }

    /** As others see it who want its room. It stays for as long as its start took: no less time goes into service. */
    IdleTime idleTime() {
        if (leases > 0 || ended.isDone()) {
            return IdleTime.NONE;
        }
        Duration least = took.compareTo(SHORTEST_STAY) > 0 ? took : SHORTEST_STAY;
        Duration stay = !used || least.compareTo(STAY_UNUSED) > 0 ? STAY_UNUSED : least;
        return new IdleTime(idleNanos(), stay.toNanos() - readyNanos());
    }

    /** Nanoseconds since it became ready. */
    long readyNanos() {
        return System.nanoTime() - readyAt;
    }
}
