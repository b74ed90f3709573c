package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;

class BackendStressTest {
    private static final int THREADS = 8;
    private static final int STEPS = 1500;

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(2);
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final AtomicInteger alive = new AtomicInteger();
    private final AtomicReference<FakeInstance> current = new AtomicReference<>();
    private final AtomicReference<FakeStart> lastStart = new AtomicReference<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<?>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicReference<BackendState> lastTold = new AtomicReference<>(BackendState.STOPPED);

    @RepeatedTest(3)
    void keepsItsPromisesUnderRandomUse() throws Exception {
        Backend<FakeInstance> backend = new Backend<>(
                new BackendSettings("/stress", Duration.ofMillis(3), false),
                this::start,
                scheduler,
                executor,
                this::told);
        ExecutorService users = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            done.add(users.submit(() -> use(backend)));
        }
        for (Future<?> user : done) {
            user.get(30, TimeUnit.SECONDS);
        }

        backend.retire(Duration.ofMillis(10)).get(10, TimeUnit.SECONDS);

        Awaitility.await().untilAsserted(() -> assertThat(waiting).allMatch(CompletableFuture::isDone));
        Awaitility.await()
                .untilAsserted(() -> assertThat(backend.status().leases()).isZero());
        assertThat(backend.status().state()).isEqualTo(BackendState.STOPPED);
        assertThat(faults).isEmpty();
        assertThat(alive).hasValue(0);
        users.shutdownNow();
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    private void use(Backend<FakeInstance> backend) {
        Random random = ThreadLocalRandom.current();
        for (int i = 0; i < STEPS; i++) {
            int dice = random.nextInt(100);
            if (dice < 80) {
                request(backend, random);
            } else if (dice < 88) {
                waiting.add(backend.stop(Duration.ofNanos(random.nextInt(2_000_000))));
            } else if (dice < 95) {
                waiting.add(backend.start());
            } else {
                crash();
            }
        }
    }

    private void request(Backend<FakeInstance> backend, Random random) {
        FakeInstance before = current.get();
        boolean wasOver = before != null && (before.ended.isDone() || before.stopAsked.get());
        CompletableFuture<Lease<FakeInstance>> lease = backend.lease();
        if (lease.isDone()
                && !lease.isCompletedExceptionally()
                && wasOver
                && lease.join().instance() == before) {
            faults.add("a lease on what had ended");
        }
        waiting.add(lease);
        if (random.nextInt(10) == 0) {
            lease.cancel(true);
        }
        long hold = random.nextInt(500_000);
        var unused = lease.whenComplete((granted, refusal) -> {
            if (granted != null) {
                var unusedClose = scheduler.schedule(granted::close, hold, TimeUnit.NANOSECONDS);
            }
        });
        if (random.nextInt(4) == 0) {
            await(lease);
        }
    }

    private void await(CompletableFuture<Lease<FakeInstance>> lease) {
        try {
            lease.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | CancellationException e) {
            assertThat(e).isNotNull(); // a refusal is an answer
        } catch (InterruptedException | TimeoutException e) {
            faults.add("no answer: " + e);
        }
    }

    private void crash() {
        FakeInstance victim = current.get();
        if (victim != null) {
            victim.ended.complete("crashed");
        }
    }

    private FakeStart start() {
        FakeInstance before = current.get();
        if (before != null && !before.gone.isDone()) {
            faults.add("a start before the last instance was gone");
        }
        FakeStart starting = new FakeStart();
        FakeStart last = lastStart.getAndSet(starting);
        if (last != null && !last.ready.isDone()) {
            faults.add("a start before the last one was over");
        }
        long takes = ThreadLocalRandom.current().nextInt(1_000_000);
        boolean fails = ThreadLocalRandom.current().nextInt(50) == 0;
        var unused = scheduler.schedule(() -> finish(starting, fails), takes, TimeUnit.NANOSECONDS);
        return starting;
    }

    private void finish(FakeStart starting, boolean fails) {
        if (fails) {
            starting.fail("bad luck");
            return;
        }
        if (starting.givenUp.isDone() && ThreadLocalRandom.current().nextBoolean()) {
            starting.fail("given up");
            return;
        }
        FakeInstance instance =
                new FakeInstance(alive, ThreadLocalRandom.current().nextBoolean());
        current.set(instance);
        starting.complete(instance);
        var unused = scheduler.scheduleWithFixedDelay(
                () -> {
                    if (instance.stopAsked.get()) {
                        instance.goneNow();
                    }
                },
                1,
                1,
                TimeUnit.MILLISECONDS);
    }

    private void told(BackendState from, BackendState to, BackendStatus now) {
        if (lastTold.getAndSet(to) != from) {
            faults.add("told of " + from + ">" + to + " out of order");
        }
    }
}
