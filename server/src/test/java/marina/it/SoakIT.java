package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many contexts, random traffic, random kill -9, restarts and reloads, against the built server. A few seconds in every
 * build; {@code mvn -pl server verify -Dit.test=SoakIT -Dmarina.soak=120} for the figures of docs/reliability.md.
 */
class SoakIT {
    private static final int SHORT = 8;
    private static final int SECONDS = Integer.getInteger("marina.soak", SHORT);
    private static final int CONTEXTS = SECONDS > SHORT ? 100 : 20;
    private static final int CLIENTS = 16;
    private static final Duration SETTLED = Duration.ofSeconds(SECONDS > SHORT ? 90 : 30);

    private final SoakTally tally = new SoakTally();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Random random = new Random(7);

    @TempDir
    private Path base;

    @Test
    void everyAnswerComesFromItsOwnContextAndNothingIsLeftBehind() throws Exception {
        try (HomeUnderTest home = HomeUnderTest.at(base, contexts(-1))) {
            home.start();
            warmUp(home);
            int descriptors = Processes.descriptors(home.pid());
            List<String> threads = Processes.threads(home.pid());

            soak(home);

            await("the end of all processes").atMost(SETTLED).until(() -> backends()
                    .isEmpty());
            await("no thread for a process that is gone").atMost(SETTLED).until(() -> ofProcesses(home.pid()) == 0);
            await("no descriptor left open")
                    .atMost(SETTLED)
                    .until(() -> Processes.descriptors(home.pid()) <= descriptors);
            System.out.printf(
                    "Soak of %d s, %d contexts, %d clients: %s, starts %d; descriptors %d then %d, threads %d then %d%n",
                    SECONDS,
                    CONTEXTS,
                    CLIENTS,
                    tally,
                    starts(home),
                    descriptors,
                    Processes.descriptors(home.pid()),
                    threads.size(),
                    Processes.threads(home.pid()).size());
            assertThat(tally.faults()).isEmpty();
            assertThat(tally.counted("status 200")).isGreaterThan(tally.counted("requests") / 2);
            assertThat(tally.counted("kills")).isPositive();
            assertThat(home.path("run/processes")).isEmptyDirectory();
        }
    }

    private void soak(HomeUnderTest home) throws InterruptedException {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS + 2);
        for (int i = 0; i < CLIENTS; i++) {
            clients.execute(new SoakTraffic(home.port(), CONTEXTS, tally, over, i));
        }
        clients.execute(this::kill);
        clients.execute(() -> operate(home));
        boolean early = over.await(SECONDS, TimeUnit.SECONDS);
        assertThat(early).isFalse();
        over.countDown();
        clients.shutdown();
        assertThat(clients.awaitTermination(2, TimeUnit.MINUTES))
                .as("every request is answered")
                .isTrue();
    }

    /** Every context once loads the classes and opens the files that stay. */
    private void warmUp(HomeUnderTest home) throws IOException {
        try (SoakClient client = new SoakClient(home.port())) {
            for (int i = 0; i < CONTEXTS; i++) {
                client.send("GET", "/app" + i + "/version", "");
                assertThat(client.answer().status()).isIn(200, 503);
            }
        }
        await("idle").atMost(SETTLED).until(() -> backends().isEmpty() && ofProcesses(home.pid()) == 0);
    }

    private void kill() {
        try {
            while (!over.await(200 + random.nextInt(400), TimeUnit.MILLISECONDS)) {
                List<Long> running = backends();
                if (!running.isEmpty()) {
                    long victim = running.get(random.nextInt(running.size()));
                    String context = Processes.variable(victim, "VERSION");
                    tally.killing(context);
                    Processes.signal(victim, "KILL");
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            tally.fault("the killer broke down: " + e);
        }
    }

    /**
     * Restarts contexts, those that gave up first, and changes the configuration of others. Exit status 1 says that a new
     * process was killed during its start.
     */
    private void operate(HomeUnderTest home) {
        Random choice = new Random(3);
        try {
            while (!over.await(1500, TimeUnit.MILLISECONDS)) {
                Iterator<String> failed = tally.givenUp().keySet().iterator();
                if (failed.hasNext()) {
                    String context = failed.next();
                    tally.givenUp().remove(context);
                    restart(home, context);
                } else if (choice.nextBoolean()) {
                    restart(home, "app" + choice.nextInt(CONTEXTS));
                } else {
                    home.configure(contexts(choice.nextInt(CONTEXTS)));
                    tally.count("reloads, exit status " + home.marina("reload").status());
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            tally.fault("the operator broke down: " + e);
        }
    }

    private void restart(HomeUnderTest home, String context) {
        tally.count(
                "restarts, exit status " + home.marina("restart", "/" + context).status());
    }

    /** All contexts; one of them differs from what it was at first. */
    private String contexts(int changed) {
        StringBuilder yaml = new StringBuilder("limits: { backends: 10 }\ncontexts:\n");
        for (int i = 0; i < CONTEXTS; i++) {
            yaml.append("  /app%d: { command: [node, unruly.js], directory: %s, idle_timeout: %dms,"
                    .formatted(i, Apps.FOLDER, 300 + 50 * (i % 40)));
            yaml.append(" env: { VERSION: app%d, SOAK: \"%s\", CHANGED: \"%s\" } }%n".formatted(i, base, i == changed));
        }
        return yaml.toString();
    }

    private List<Long> backends() {
        return Processes.withEnvironment(Set.of("SOAK=" + base));
    }

    /** Threads that read the output of a process. */
    private static long ofProcesses(long marina) {
        return Processes.threads(marina).stream()
                .filter(name -> name.startsWith("output "))
                .count();
    }

    private static long starts(HomeUnderTest home) {
        List<Long> starts = new ArrayList<>();
        Matcher found = Pattern.compile("\"starts\":(\\d+)")
                .matcher(home.marina("contexts", "--json").out());
        while (found.find()) {
            starts.add(Long.valueOf(found.group(1)));
        }
        return starts.stream().mapToLong(Long::longValue).sum();
    }
}
