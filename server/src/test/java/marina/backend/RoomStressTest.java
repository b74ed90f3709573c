package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import marina.config.LimitsConfig;
import marina.config.TrafficLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads ask for room, leave it and change their mind, all at once. */
class RoomStressTest {
    private static final int SEATS = 3;
    private static final int THREADS = 8;
    private static final int ASKS = 1000;

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    private final Room room =
            new Room(new LimitsConfig(SEATS, Duration.ofMinutes(1), 0, TrafficLimits.DEFAULT), scheduler);
    private final AtomicInteger alive = new AtomicInteger();
    private final AtomicInteger mostAlive = new AtomicInteger();

    @AfterEach
    void close() {
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    @Test
    void everybodyGetsASeatAndNeverAreMoreTakenThanThereAre() {
        Queue<CompletableFuture<Runnable>> seats = new ConcurrentLinkedQueue<>();
        CompletableFuture<?>[] threads = IntStream.range(0, THREADS)
                .mapToObj(thread -> CompletableFuture.runAsync(
                        () -> IntStream.range(0, ASKS).forEach(i -> {
                            CompletableFuture<Runnable> seat = new Visitor("/" + thread + "/" + i).come();
                            seats.add(seat);
                            if (i % 5 == 0) {
                                seat.cancel(false);
                            }
                        }),
                        executor))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(threads).join();

        await().until(() -> seats.stream().allMatch(CompletableFuture::isDone));
        await().until(() -> room.occupancy().running() == alive.get());
        assertThat(room.occupancy().waiting()).isZero();
        assertThat(mostAlive).hasValue(SEATS);
        assertThat(seats).hasSize(THREADS * ASKS);
    }

    /** Idle as soon as it has its seat. */
    private final class Visitor implements Lodger {
        private final String key;
        private final CompletableFuture<Runnable> seat = new CompletableFuture<>();
        private final AtomicBoolean idle = new AtomicBoolean();

        Visitor(String key) {
            this.key = key;
        }

        CompletableFuture<Runnable> come() {
            CompletableFuture<Runnable> asked = room.ask(this);
            var unused = asked.thenAcceptAsync(
                    free -> {
                        mostAlive.accumulateAndGet(alive.incrementAndGet(), Math::max);
                        seat.complete(free);
                        idle.set(true);
                        if (room.awaitsIdle()) {
                            room.idle();
                        }
                    },
                    executor);
            return asked;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public IdleTime idleTime() {
            return idle.get() ? new IdleTime(0, 0) : IdleTime.NONE;
        }

        @Override
        public boolean stopIfIdle(String why) {
            boolean stopping = idle.compareAndSet(true, false);
            if (stopping) {
                executor.execute(() -> {
                    alive.decrementAndGet();
                    seat.join().run();
                });
            }
            return stopping;
        }

        @Override
        public long residentBytes() {
            return 0;
        }
    }
}
