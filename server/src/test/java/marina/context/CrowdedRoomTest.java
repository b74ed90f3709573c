package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twenty applications, room for three, and everybody wants everything. */
class CrowdedRoomTest {
    private static final int CLIENTS = 8;
    private static final Duration LOAD = Duration.ofSeconds(5);
    private static final List<String> PATHS =
            IntStream.range(0, 20).mapToObj(i -> "/app" + i).toList();

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger mostAlive = new AtomicInteger();

    @TempDir
    private Path base;

    @Test
    void everyRequestIsAnsweredByItsOwnContextAndNeverDoMoreRunThanMay() throws Exception {
        ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml())) {
            var unused = sampler.scheduleWithFixedDelay(
                    () -> mostAlive.accumulateAndGet((int) alive().count(), Math::max), 0, 10, TimeUnit.MILLISECONDS);
            long end = System.nanoTime() + LOAD.toNanos();
            CompletableFuture<?>[] loads = IntStream.range(0, CLIENTS)
                    .mapToObj(seed -> CompletableFuture.runAsync(() -> visit(marina, new Random(seed), end), clients))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(loads).get(1, TimeUnit.MINUTES);

            assertThat(answers).allMatch(Answer::isHonest);
            assertThat(answers.stream()
                            .filter(answer -> answer.status == 200)
                            .map(Answer::path)
                            .distinct())
                    .as("who was served")
                    .hasSizeGreaterThan(PATHS.size() / 2);
            assertThat(mostAlive)
                    .as("processes at once, as the process table tells")
                    .hasValueBetween(1, 3);
            alive().forEach(ProcessHandle::destroyForcibly);
            await("seats are free after a crash").until(() -> marina.server().runningBackends() == 0);
        } finally {
            clients.shutdownNow();
            sampler.shutdownNow();
        }
    }

    private void visit(MarinaUnderTest marina, Random random, long end) {
        while (System.nanoTime() - end < 0) {
            String path = PATHS.get(random.nextInt(PATHS.size()));
            long begin = System.nanoTime();
            HttpResponse<String> response = marina.get(path + "/version");
            answers.add(new Answer(
                    path,
                    response.statusCode(),
                    response.body(),
                    response.headers().firstValue("Retry-After").isPresent(),
                    Duration.ofNanos(System.nanoTime() - begin)));
        }
    }

    private static Stream<ProcessHandle> alive() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("node"));
    }

    private static String yaml() {
        Path app = Path.of("src/test/resources/apps/app.js").toAbsolutePath();
        StringBuilder yaml = new StringBuilder("limits: { backends: 3 }\ndefaults: { page_after: 20s }\ncontexts:\n");
        PATHS.forEach(path ->
                yaml.append("  " + path + ": { command: [node, \"" + app + "\"], env: { VERSION: " + path + " } }\n"));
        return yaml.toString();
    }

    /** What a client got. */
    private record Answer(String path, int status, String body, boolean retryAfter, Duration took) {
        boolean isHonest() {
            boolean inTime = took.compareTo(Duration.ofSeconds(15)) < 0;
            return inTime && (status == 200 ? body.equals(path) : status == 503 && retryAfter);
        }
    }
}
