package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackendTest {
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final BlockingQueue<FakeStart> startings = new LinkedBlockingQueue<>();
    private final Queue<String> changes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger alive = new AtomicInteger();

    @AfterEach
    void close() {
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    @Test
    void startsOnceForFiveHundredRequests() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        List<CompletableFuture<Lease<FakeInstance>>> waiting =
                IntStream.range(0, 500).mapToObj(i -> backend.lease()).toList();

        starting().complete(instance());

        for (CompletableFuture<Lease<FakeInstance>> waiter : waiting) {
            waiter.get(5, TimeUnit.SECONDS);
        }
        assertThat(backend.status().leases()).isEqualTo(500);
        assertThat(backend.status().starts()).isEqualTo(1);
        assertThat(startings).isEmpty();
    }

    @Test
    void stopsWhenIdleAndStartsAgain() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ofMillis(150), false);
        Lease<FakeInstance> lease = ready(backend);
        await().during(Duration.ofMillis(400)).until(() -> backend.status().state() == BackendState.READY);

        long closed = System.nanoTime();
        lease.close();
        lease.close();
        await().until(() -> backend.status().state() == BackendState.STOPPED);

        assertThat(Duration.ofNanos(System.nanoTime() - closed)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        assertThat(alive).hasValue(0);
        ready(backend).close();
        assertThat(changes).startsWith("STOPPED>STARTING", "STARTING>READY", "READY>STOPPING", "STOPPING>STOPPED");
    }

    @Test
    void keepsOneTimerForAnyNumberOfRequests() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ofMinutes(5), false);
        ready(backend).close();

        for (int i = 0; i < 1000; i++) {
            backend.lease().get(1, TimeUnit.SECONDS).close();
        }

        assertThat(scheduler.getQueue()).hasSize(1);
    }

    @Test
    void givesTheReasonToAllWhoWaitWhenTheStartFails() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        CompletableFuture<Lease<FakeInstance>> one = backend.lease();
        CompletableFuture<Lease<FakeInstance>> other = backend.lease();

        starting().fail("exit status 3");

        for (CompletableFuture<Lease<FakeInstance>> waiter : List.of(one, other)) {
            assertThatThrownBy(() -> waiter.get(5, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("/shop is not available: exit status 3");
        }
        assertThat(backend.status().state()).isEqualTo(BackendState.FAILED);
        assertThat(backend.status().reason()).isEqualTo("exit status 3");
    }

    @Test
    void parksDuringAShortBackOffAndRefusesDuringALongOne() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        for (int i = 0; i < 4; i++) { // 250, 500, 1000, 2000 ms
            CompletableFuture<Lease<FakeInstance>> waiter = backend.lease();
            starting().fail("no");
            await().until(waiter::isDone);
        }

        assertThatThrownBy(() -> backend.lease().get(1, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(BackendUnavailableException.class, refusal -> assertThat(refusal.retryAfter())
                        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2)));
        CompletableFuture<Void> started = backend.start();
        starting().complete(instance());
        started.get(5, TimeUnit.SECONDS);
    }

    @Test
    void restartsAtTheNextRequestAfterACrash() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        Lease<FakeInstance> lease = ready(backend);

        lease.instance().ended.complete("killed by SIGKILL");
        CompletableFuture<Lease<FakeInstance>> next = backend.lease();
        starting().complete(instance());

        assertThat(next.get(5, TimeUnit.SECONDS).instance()).isNotSameAs(lease.instance());
        lease.close();
        assertThat(changes).contains("READY>FAILED", "FAILED>STARTING");
        assertThat(alive).hasValue(1);
    }

    @Test
    void restartsByItselfWhatIsKept() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ofMillis(50), true);
        CompletableFuture<Void> started = backend.start();
        FakeInstance first = instance();
        starting().complete(first);
        started.get(5, TimeUnit.SECONDS);

        first.ended.complete("exit status 1");

        starting().complete(instance());
        await().until(() -> backend.status().state() == BackendState.READY);
    }

    @Test
    void drainsBeforeItStopsAndLetsTheNextRequestWait() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        Lease<FakeInstance> lease = ready(backend);
        CompletableFuture<Void> stopped = backend.stop(DRAIN);
        CompletableFuture<Lease<FakeInstance>> next = backend.lease();
        assertThat(backend.status().state()).isEqualTo(BackendState.DRAINING);
        assertThat(lease.instance().stopAsked).isFalse();

        lease.close();

        stopped.get(5, TimeUnit.SECONDS);
        starting().complete(instance());
        next.get(5, TimeUnit.SECONDS);
        assertThat(alive).hasValue(1);
    }

    @Test
    void stopsWithRequestsInFlightAtTheDeadline() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        Lease<FakeInstance> lease = ready(backend);

        backend.stop(Duration.ofMillis(50)).get(5, TimeUnit.SECONDS);

        assertThat(lease.instance().stopAsked).isTrue();
        lease.close();
        assertThat(backend.status().leases()).isZero();
    }

    @Test
    void givesUpAStartThatIsStopped() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        CompletableFuture<Lease<FakeInstance>> waiter = backend.lease();
        FakeStart starting = starting();

        CompletableFuture<Void> stopped = backend.stop(DRAIN);

        starting.givenUp.get(5, TimeUnit.SECONDS);
        assertThatThrownBy(() -> waiter.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(BackendUnavailableException.class);
        CompletableFuture<Lease<FakeInstance>> next = backend.lease();
        assertThat(stopped).as("stopped before the start is over").isNotDone();
        assertThat(startings).as("two starts at a time").isEmpty();
        starting.fail("given up");
        stopped.get(5, TimeUnit.SECONDS);
        starting().complete(instance());
        next.get(5, TimeUnit.SECONDS);
    }

    @Test
    void stopsAnInstanceThatBecameReadyWhileItWasGivenUp() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        CompletableFuture<Void> started = backend.start();
        FakeStart starting = starting();
        CompletableFuture<Void> stopped = backend.stop(DRAIN);

        starting.complete(instance());

        stopped.get(5, TimeUnit.SECONDS);
        assertThat(alive).hasValue(0);
        assertThat(started).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void staysStoppedWhenAStopFollowsAStart() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        Lease<FakeInstance> lease = ready(backend);
        CompletableFuture<Void> stopping = backend.stop(DRAIN);
        CompletableFuture<Void> started = backend.start();
        CompletableFuture<Lease<FakeInstance>> waiter = backend.lease();

        CompletableFuture<Void> stopped = backend.stop(DRAIN);
        lease.close();

        stopping.get(5, TimeUnit.SECONDS);
        stopped.get(5, TimeUnit.SECONDS);
        assertThatThrownBy(() -> started.get(5, TimeUnit.SECONDS)).hasMessageContaining("was stopped before");
        assertThatThrownBy(() -> waiter.get(5, TimeUnit.SECONDS)).hasMessageContaining("was stopped before");
        assertThat(backend.status().state()).isEqualTo(BackendState.STOPPED);
        assertThat(startings).isEmpty();
    }

    @Test
    void startsAgainAfterAStopForRequestsThatWait() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        ready(backend).close();

        var unused = backend.stop(DRAIN);
        CompletableFuture<Void> started = backend.start();
        CompletableFuture<Lease<FakeInstance>> waiter = backend.lease();
        starting().complete(instance());

        started.get(5, TimeUnit.SECONDS);
        waiter.get(5, TimeUnit.SECONDS);
    }

    @Test
    void refusesDistinctlyOnceItHasBeenRetired() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ZERO, false);
        ready(backend).close();

        backend.retire(DRAIN).get(5, TimeUnit.SECONDS);

        assertThatThrownBy(() -> backend.lease().get()).hasCauseInstanceOf(BackendRetiredException.class);
        assertThatThrownBy(() -> backend.start().get()).hasCauseInstanceOf(BackendRetiredException.class);
        assertThat(alive).hasValue(0);
    }

    @Test
    void takesBackTheLeaseOfARequestThatHasGone() throws Exception {
        Backend<FakeInstance> backend = backend(Duration.ofMillis(50), false);
        List<CompletableFuture<Lease<FakeInstance>>> waiting = new ArrayList<>();
        IntStream.range(0, 50).forEach(i -> waiting.add(backend.lease()));
        waiting.forEach(waiter -> waiter.cancel(true));

        starting().complete(instance());

        await().until(() -> backend.status().state() == BackendState.STOPPED);
        assertThat(backend.status().leases()).isZero();
    }

    private Backend<FakeInstance> backend(Duration idle, boolean keep) {
        InstanceStarter<FakeInstance> starter = () -> {
            FakeStart starting = new FakeStart();
            startings.add(starting);
            return starting;
        };
        return new Backend<>(
                new BackendSettings("/shop", idle, keep),
                starter,
                scheduler,
                executor,
                (from, to, now) -> changes.add(from + ">" + to));
    }

    private Lease<FakeInstance> ready(Backend<FakeInstance> backend) throws Exception {
        CompletableFuture<Lease<FakeInstance>> lease = backend.lease();
        starting().complete(instance());
        return lease.get(5, TimeUnit.SECONDS);
    }

    private FakeStart starting() throws InterruptedException {
        FakeStart starting = startings.poll(5, TimeUnit.SECONDS);
        assertThat(starting).as("a start within 5 s").isNotNull();
        return starting;
    }

    private FakeInstance instance() {
        return new FakeInstance(alive, true);
    }
}
