package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.ObjectName;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More applications than may run at once. */
class LimitedBackendsTest {
    private static final Path APP = Path.of("src/test/resources/apps/app.js").toAbsolutePath();

    @TempDir
    private Path base;

    @Test
    void theLongestIdleMakesRoomForTheNext() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml("backends: 2", "/a", "/b", "/c", "/d"))) {
            for (String path : List.of("/a", "/b", "/a", "/c", "/d", "/b")) {
                assertThat(marina.get(path + "/version").body()).isEqualTo(path);
                assertThat(running(marina)).as("running after " + path).hasSizeLessThanOrEqualTo(2);
                if (path.equals("/c")) {
                    assertThat(running(marina)).as("/b was idle for longest").containsExactly("/a", "/c");
                }
            }
            assertThat(running(marina)).containsExactly("/b", "/d");
            assertThat(attribute(marina, "RunningBackends")).isEqualTo(2);
            assertThat(attribute(marina, "MaxBackends")).isEqualTo(2);
            assertThat(attribute(marina, "WaitingForRoom")).isEqualTo(0);
        }
    }

    @Test
    void aRequestThatFindsAllBusyWaitsAndIsThenRefusedWithTheReasonButNotAsAFailure() throws Exception {
        String yaml = yaml("backends: 2, queue_timeout: 700ms", "/a", "/b", "/c");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            marina.get("/a/pid");
            marina.get("/b/pid");
            List<CompletableFuture<HttpResponse<String>>> busy = Stream.of("/a", "/b")
                    .map(path -> marina.getAsync(path + "/slow?ms=2000"))
                    .toList();
            awaitLeases(marina, "/a", "/b");

            CompletableFuture<HttpResponse<String>> waiting = marina.getAsync("/c/pid");
            await().until(() -> attribute(marina, "WaitingForRoom").equals(1));
            HttpResponse<String> refused = waiting.join();

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body()).contains("limits.backends");
            assertThat(marina.status("/c").state()).isEqualTo("stopped");
            assertThat(marina.status("/c").backend().reason()).contains("limits.backends");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> marina.get("/c/pid").statusCode() == 200);
            assertThat(busy).extracting(request -> request.join().statusCode()).containsOnly(200);
            assertThat(running(marina)).hasSize(2).contains("/c");
        }
    }

    @Test
    void whoWaitsLongerThanItsPageComesBackAndGetsServed() {
        String slow = ", START_DELAY: \"800\"";
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, "defaults: { page_after: 300ms }\n" + yaml("backends: 1", slow, List.of("/a", "/b")))) {
            List<CompletableFuture<Long>> visits = Stream.of("/a", "/b", "/a", "/b")
                    .map(path -> visit(marina, path, System.nanoTime()))
                    .toList();

            assertThat(visits).extracting(CompletableFuture::join).as("seconds").allMatch(seconds -> seconds < 12);
        }
    }

    /** As a browser does: shown the maintenance page, it comes again when Retry-After says so. */
    private static CompletableFuture<Long> visit(MarinaUnderTest marina, String path, long since) {
        return marina.getAsync(path + "/version").thenCompose(answer -> {
            if (answer.statusCode() == 200) {
                assertThat(answer.body()).isEqualTo(path);
                return CompletableFuture.completedFuture(
                        Duration.ofNanos(System.nanoTime() - since).toSeconds());
            }
            long pause =
                    Long.parseLong(answer.headers().firstValue("Retry-After").orElseThrow());
            return CompletableFuture.supplyAsync(() -> path, CompletableFuture.delayedExecutor(pause, TimeUnit.SECONDS))
                    .thenCompose(again -> visit(marina, again, since));
        });
    }

    @Test
    void aKeptProcessStaysHoweverLongItIsIdle() {
        String kept = "  /kept: { command: [node, \"" + APP + "\"], min_instances: 1 }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml("backends: 2", "/a", "/b", "/c") + kept)) {
            marina.awaitState("/kept", "ready");
            long pid = marina.status("/kept").backend().pid();

            for (String path : List.of("/a", "/b", "/c", "/a")) {
                assertThat(marina.get(path + "/version").body()).isEqualTo(path);
            }

            assertThat(marina.status("/kept").backend().pid()).isEqualTo(pid);
            assertThat(running(marina)).containsExactly("/a", "/kept");
        }
    }

    @Test
    void aKeptProcessThatFoundNoRoomTriesAgainByItself() {
        String kept = "  /kept: { command: [node, \"" + APP + "\"], min_instances: 1 }\n";
        String yaml = yaml("backends: 1, queue_timeout: 300ms", "/a");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            marina.get("/a/pid");
            CompletableFuture<HttpResponse<String>> busy = marina.getAsync("/a/slow?ms=1500");
            awaitLeases(marina, "/a");

            assertThat(marina.reload(yaml + kept).messages()).anyMatch(message -> message.contains("limits.backends"));

            marina.awaitState("/kept", "ready");
            assertThat(busy.join().statusCode()).isEqualTo(200);
            assertThat(running(marina)).containsExactly("/kept");
        }
    }

    @Test
    void aLimitThatIsChangedByReloadTakesEffectAtOnce() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml("backends: 1", "/a", "/b", "/c"))) {
            marina.get("/a/pid");
            CompletableFuture<HttpResponse<String>> busy = marina.getAsync("/a/slow?ms=2000");
            awaitLeases(marina, "/a");
            CompletableFuture<HttpResponse<String>> waiting = marina.getAsync("/b/version");

            marina.reload(yaml("backends: 3", "/a", "/b", "/c"));
            assertThat(waiting.join().body()).isEqualTo("/b");
            assertThat(busy).isNotDone();
            assertThat(marina.get("/c/version").body()).isEqualTo("/c");

            marina.reload(yaml("backends: 1", "/a", "/b", "/c"));
            await().until(() -> running(marina).equals(List.of("/a")));
            assertThat(busy.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aChangedContextIsReplacedAtAFullLimitWithoutStoppingOthers() {
        String others = "  /kept: { command: [node, \"" + APP + "\"], min_instances: 1 }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml("backends: 2", "/a") + others)) {
            marina.awaitState("/kept", "ready");
            String before = marina.get("/a/pid").body();

            assertThat(marina.reload(yaml("backends: 2", ", NEW: \"1\"", List.of("/a")) + others)
                            .succeeded())
                    .isTrue();

            assertThat(marina.get("/a/pid").body()).isNotEqualTo(before);
            assertThat(running(marina)).containsExactly("/a", "/kept");
        }
    }

    @Test
    void idleProcessesAreStoppedWhileAllTogetherUseMoreThanTheMemoryLimit() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml("memory: 1M", "/a", "/b"))) {
            marina.get("/a/pid");
            assertThat(marina.getAsync("/b/slow?ms=3500").join().statusCode())
                    .as("busy all the time")
                    .isEqualTo(200);

            assertThat(marina.status("/a").state()).isEqualTo("stopped");
            marina.awaitState("/b", "stopped");
            assertThat(marina.get("/a/version").body()).as("never refused").isEqualTo("/a");
        }
    }

    private static void awaitLeases(MarinaUnderTest marina, String... paths) {
        await().until(() ->
                Stream.of(paths).allMatch(path -> marina.status(path).backend().leases() == 1));
    }

    private static Object attribute(MarinaUnderTest marina, String name) throws Exception {
        return marina.mbeans().getAttribute(new ObjectName("marina:type=Server"), name);
    }

    private static List<String> running(MarinaUnderTest marina) {
        return marina.server().host().contexts().stream()
                .filter(context -> context.status().backend().pid() > 0)
                .map(context -> context.path().value())
                .sorted()
                .toList();
    }

    private static String yaml(String limits, String... paths) {
        return yaml(limits, "", List.of(paths));
    }

    private static String yaml(String limits, String env, List<String> paths) {
        StringBuilder yaml = new StringBuilder("limits: { " + limits + " }\ncontexts:\n");
        paths.forEach(path -> yaml.append(
                "  " + path + ": { command: [node, \"" + APP + "\"], env: { VERSION: " + path + env + " } }\n"));
        return yaml.toString();
    }
}
