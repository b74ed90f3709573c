package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Backends that share the requests of one context. */
class BackendGroupTest {
    private static final int MANY = 8;

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService executor = Executors.newFixedThreadPool(MANY);
    private final Queue<FakeStart> startings = new ConcurrentLinkedQueue<>();
    private final AtomicInteger alive = new AtomicInteger();

    @AfterEach
    void close() {
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    @Test
    void requestsThatComeTogetherEachTakeAnotherInstance() throws Exception {
        BackendGroup<FakeInstance> group = group(MANY);
        CompletableFuture<Void> started = group.start(MANY);
        IntStream.range(0, MANY).forEach(i -> starting().complete(new FakeInstance(alive, true)));
        started.get(5, TimeUnit.SECONDS);

        for (int round = 0; round < 200; round++) {
            CountDownLatch together = new CountDownLatch(1);
            List<CompletableFuture<Lease<FakeInstance>>> leases = IntStream.range(0, MANY)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> lease(group, together), executor))
                    .toList();
            together.countDown();
            CompletableFuture.allOf(leases.toArray(CompletableFuture[]::new)).get(5, TimeUnit.SECONDS);

            assertThat(group.instances()).allMatch(instance -> instance.leases() == 1);
            leases.forEach(lease -> lease.join().close());
        }
    }

    @Test
    void aRequestThatWaitsForAStartThatFailsGoesToASiblingThatIsReady() throws Exception {
        BackendGroup<FakeInstance> group = group(2);
        var unused = group.start(2);
        FakeStart one = starting();
        FakeStart two = starting();
        CompletableFuture<Lease<FakeInstance>> waiting = group.lease();
        assertThat(waiting).isNotDone();

        FakeInstance ready = new FakeInstance(alive, true);
        two.complete(ready);
        await().until(() -> group.instances().stream().anyMatch(any -> any.state() == BackendState.READY));
        one.fail("exit status 2");

        assertThat(waiting.get(5, TimeUnit.SECONDS).instance()).isSameAs(ready);
        assertThat(group.status().state()).isEqualTo(BackendState.READY);
        assertThat(group.status().reason()).contains("exit status 2");
    }

    @Test
    void aRequestThatHasGoneLeavesNoLeaseBehind() throws Exception {
        BackendGroup<FakeInstance> group = group(2);
        CompletableFuture<Lease<FakeInstance>> waiting = group.lease();
        FakeStart one = starting();
        waiting.cancel(true);

        one.complete(new FakeInstance(alive, true));

        await().until(() -> group.status().state() == BackendState.READY);
        assertThat(group.status().leases()).isZero();
    }

    @Test
    void anApplicationThatCannotStartIsTriedOnceAndNotOnceForEachInstance() {
        BackendGroup<FakeInstance> group = group(3);
        for (int failures = 1; failures <= 5; failures++) {
            CompletableFuture<Lease<FakeInstance>> waiting = group.lease();
            if (!waiting.isDone()) {
                starting().fail("exit status 2");
            }
            assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasMessageContaining("exit status 2");
        }

        assertThat(group.instances().subList(1, 3)).allMatch(idle -> idle.state() == BackendState.STOPPED);
        assertThat(group.status().state()).isEqualTo(BackendState.FAILED);
    }

    @Test
    void aBusyInstanceGetsHelpOnceAndNotAgainWhileTheHelpStarts() throws Exception {
        BackendGroup<FakeInstance> group = group(3);
        CompletableFuture<Lease<FakeInstance>> first = group.lease();
        starting().complete(new FakeInstance(alive, true));
        first.get(5, TimeUnit.SECONDS);

        List<Lease<FakeInstance>> others =
                List.of(group.lease().join(), group.lease().join());

        FakeStart help = starting();
        assertThat(startings).isEmpty();
        help.complete(new FakeInstance(alive, true));
        await().until(() -> group.instances().get(1).state() == BackendState.READY);
        assertThat(group.lease().join().instance()).isNotSameAs(others.get(0).instance());
        assertThat(startings).isEmpty();
    }

    @Test
    void refusesDistinctlyOnceItHasBeenRetired() throws Exception {
        BackendGroup<FakeInstance> group = group(2);

        group.retire(Duration.ZERO).get(5, TimeUnit.SECONDS);

        assertThatThrownBy(() -> group.lease().get()).hasCauseInstanceOf(BackendRetiredException.class);
    }

    private BackendGroup<FakeInstance> group(int instances) {
        return new BackendGroup<>(
                IntStream.range(0, instances).mapToObj(this::backend).toList(), 0);
    }

    private Backend<FakeInstance> backend(int index) {
        return new Backend<>(
                new BackendSettings(BackendSettings.instanceName("/shop", index), Duration.ZERO, false),
                () -> {
                    FakeStart start = new FakeStart();
                    startings.add(start);
                    return start;
                },
                scheduler,
                executor,
                (from, to, now) -> {});
    }

    private FakeStart starting() {
        await().until(() -> !startings.isEmpty());
        return startings.remove();
    }

    private static Lease<FakeInstance> lease(BackendGroup<FakeInstance> group, CountDownLatch together) {
        try {
            together.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return group.lease().join();
    }
}
