package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many contexts, random requests and random deaths, for as many seconds as {@code -Dmarina.soak} says. Not part of the
 * suite: {@code mvn -pl server test -Dtest=SoakTest -Dmarina.soak=60}.
 */
@EnabledIfSystemProperty(named = "marina.soak", matches = "\\d+")
class SoakTest {
    private static final int CONTEXTS = 30;
    private static final int CLIENTS = 8;

    @TempDir
    private Path base;

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Random random = new Random(42);
    private long end;

    @Test
    void everyAnswerComesFromItsOwnContextAndNothingIsLeftBehind() throws Exception {
        end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("marina.soak", 60)).toNanos();
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, contexts())) {
            marina.get("/app0/version");
            long threads = threads();
            long descriptors = descriptors();

            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new CompletableFuture<>());
                next(marina, clients.get(i));
            }
            kill(marina, clients);
            CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(10, TimeUnit.MINUTES);
            await().atMost(Duration.ofMinutes(1)).until(() -> allStopped(marina));

            System.out.println("Soak: answers " + counts + ", starts " + starts(marina));
            System.out.printf(
                    "Soak: threads %d then %d, descriptors %d then %d%n",
                    threads, threads(), descriptors, descriptors());
            assertThat(faults).isEmpty();
            assertThat(ProcessHandle.current().descendants().filter(this::isRunning))
                    .isEmpty();
            assertThat(base.resolve("run/processes")).isEmptyDirectory();
            assertThat(descriptors()).isLessThan(descriptors + 100);
            assertThat(threads()).isLessThan(threads + 100);
        }
    }

    private String contexts() {
        StringBuilder yaml = new StringBuilder("contexts:\n");
        for (int i = 0; i < CONTEXTS; i++) {
            yaml.append("  /app%d: { command: [node, app.js], directory: %s, env: { VERSION: \"%d\" },"
                            .formatted(i, Path.of("target/test-classes/apps").toAbsolutePath(), i))
                    .append(" idle_timeout: %dms, page_after: %s }%n"
                            .formatted(500 + 100 * i, i % 5 == 0 ? "200ms" : "20s"));
        }
        return yaml.toString();
    }

    private void next(MarinaUnderTest marina, CompletableFuture<Void> over) {
        if (System.nanoTime() > end) {
            over.complete(null);
            return;
        }
        int context;
        synchronized (random) {
            // Most requests go to a few, so that the others idle.
            context = random.nextInt(4) > 0 ? random.nextInt(3) : random.nextInt(CONTEXTS);
        }
        var unused = marina.getAsync("/app" + context + "/version").whenCompleteAsync((answer, failure) -> {
            judge(context, answer, failure);
            next(marina, over);
        });
    }

    private void judge(int context, HttpResponse<String> answer, Throwable failure) {
        if (failure != null) {
            faults.add("/app" + context + ": " + failure);
            return;
        }
        count(Integer.toString(answer.statusCode()));
        if (answer.statusCode() == 200 && !answer.body().equals(Integer.toString(context))) {
            faults.add("/app" + context + " answered as " + answer.body());
        } else if (!List.of(200, 502, 503).contains(answer.statusCode())) {
            faults.add("/app" + context + ": " + answer.statusCode());
        }
    }

    private void kill(MarinaUnderTest marina, List<CompletableFuture<Void>> clients) {
        while (clients.stream().anyMatch(client -> !client.isDone())) {
            int context;
            synchronized (random) {
                context = random.nextInt(CONTEXTS);
            }
            long pid = marina.status("/app" + context).backend().pid();
            if (pid > 0) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                count("kills");
            }
            await().pollDelay(Duration.ofMillis(150)).until(() -> true);
        }
    }

    private void count(String what) {
        counts.computeIfAbsent(what, key -> new LongAdder()).increment();
    }

    private static boolean allStopped(MarinaUnderTest marina) {
        return marina.server().host().contexts().stream()
                .allMatch(context ->
                        List.of("stopped", "failed").contains(context.status().state())
                                && context.status().backend().leases() == 0);
    }

    private static long starts(MarinaUnderTest marina) {
        return marina.server().host().contexts().stream()
                .mapToLong(context -> context.status().backend().starts())
                .sum();
    }

    private boolean isRunning(ProcessHandle process) {
        try {
            return !Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .isEmpty();
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().size();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }
}
