package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An application that fails again and again is left alone until somebody acts. */
class GivenUpBackendTest {
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final BlockingQueue<FakeStart> startings = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    @Test
    void staysFailedAfterFiveCrashesUntilItIsRestarted() throws Exception {
        Backend<FakeInstance> backend = kept();
        var unused = backend.start();
        for (int i = 0; i < 4; i++) { // at once, 250, 500, 1000 ms
            FakeInstance instance = instance();
            starting().complete(instance);
            await().until(() -> backend.status().state() == BackendState.READY);
            instance.ended.complete("exit status 1");
        }
        starting().fail("exit status 2");
        await().until(() -> backend.status().reason().contains("in a row"));

        assertThat(backend.status().reason())
                .isEqualTo("exit status 2; failed 5 times in a row; restart it (marina.sh restart /shop) or change its"
                        + " configuration");
        assertThatThrownBy(() -> backend.lease().get(1, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(BackendUnavailableException.class, refusal -> assertThat(refusal.retryAfter())
                        .isEqualTo(Duration.ofSeconds(30)));
        assertThat(startings).isEmpty();
        CompletableFuture<Void> restarted = backend.start();
        starting().complete(instance());
        restarted.get(5, TimeUnit.SECONDS);
    }

    /** Even what is kept running. */
    private Backend<FakeInstance> kept() {
        InstanceStarter<FakeInstance> starter = () -> {
            FakeStart starting = new FakeStart();
            startings.add(starting);
            return starting;
        };
        return new Backend<>(
                new BackendSettings("/shop", Duration.ZERO, true), starter, scheduler, executor, (from, to, now) -> {});
    }

    private FakeStart starting() throws InterruptedException {
        FakeStart starting = startings.poll(5, TimeUnit.SECONDS);
        assertThat(starting).as("a start within 5 s").isNotNull();
        return starting;
    }

    private static FakeInstance instance() {
        return new FakeInstance(new AtomicInteger(), true);
    }
}
