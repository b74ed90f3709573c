package marina.backend;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Wants room; idle when the test says so, and stopped when the test says so. */
final class FakeLodger implements Lodger {
    private final String key;
    volatile IdleTime idle = IdleTime.NONE;
    volatile long bytes;
    volatile String stoppedBecause = "";
    private volatile @Nullable CompletableFuture<Runnable> seat;

    FakeLodger(String key) {
        this.key = key;
    }

    FakeLodger ask(Room room) {
        seat = room.ask(this);
        return this;
    }

    CompletableFuture<Runnable> seat() {
        CompletableFuture<Runnable> asked = seat;
        if (asked == null) {
            throw new IllegalStateException(key + " has not asked");
        }
        return asked;
    }

    boolean runs() {
        return seat().isDone() && !seat().isCompletedExceptionally();
    }

    FakeLodger idleFor(Duration span) {
        idle = new IdleTime(span.toNanos(), 0);
        return this;
    }

    void gone() {
        seat().join().run();
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public IdleTime idleTime() {
        return idle;
    }

    @Override
    public boolean stopIfIdle(String why) {
        boolean stopping = idle.mayMakeRoom();
        if (stopping) {
            idle = IdleTime.NONE;
            stoppedBecause = why;
        }
        return stopping;
    }

    @Override
    public long residentBytes() {
        return bytes;
    }
}
