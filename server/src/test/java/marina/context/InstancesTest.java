package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import marina.config.ContextPath;
import marina.testing.ClientLoad;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes share the requests of one context. */
class InstancesTest {
    @TempDir
    private Path base;

    @Test
    void theFirstRequestStartsOneAndABusyOneGetsHelp() throws Exception {
        try (MarinaUnderTest marina = start("instances: 3")) {
            String first = marina.get("/app/pid").body();
            assertThat(marina.status("/app").pids()).containsExactly(Long.valueOf(first));

            CompletableFuture<HttpResponse<String>> blocking = marina.getAsync("/app/block?ms=3000");
            await().until(() -> marina.status("/app").backend().leases() == 1);
            CompletableFuture<HttpResponse<String>> queued = marina.getAsync("/app/pid");
            await().until(() -> marina.status("/app").readyInstances() == 2);

            String second = marina.getAsync("/app/pid").get(1, TimeUnit.SECONDS).body();
            assertThat(blocking).isNotDone();
            assertThat(second).isNotEqualTo(first);
            assertThat(queued.get(10, TimeUnit.SECONDS).body()).isEqualTo(first);
            assertThat(marina.status("/app").pids()).hasSize(2);
            assertThat(marina.status("/app").addresses()).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @Test
    void requestsOneAfterTheOtherAllGoToTheFirstSoThatTheOthersBecomeIdle() {
        try (MarinaUnderTest marina = start("instances: 2\n    min_instances: 1\n    idle_timeout: 500ms")) {
            marina.awaitState("/app", "ready");
            String first = marina.get("/app/pid").body();
            startSecond(marina);

            Set<String> answered = ConcurrentHashMap.newKeySet();
            await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
                answered.add(marina.get("/app/pid").body());
                assertThat(marina.status("/app").readyInstances()).isEqualTo(1);
            });

            assertThat(answered).containsExactly(first);
        }
    }

    @Test
    void keptInstancesStartWithTheServerAndShareTheLoad() throws Exception {
        try (MarinaUnderTest marina = start("instances: 2\n    min_instances: 2")) {
            await().until(() -> marina.status("/app").readyInstances() == 2);

            ClientLoad load = ClientLoad.on(marina, "/app/pid", 8);
            await().until(() -> load.answered() > 200);

            assertThat(load.stop()).isEmpty();
            assertThat(load.bodies()).hasSize(2);
            assertThat(marina.status("/app").backend().leases()).isZero();
        }
    }

    @Test
    void theCrashOfOneFailsOnlyItsOwnRequestsAndTheOthersGoOn() throws Exception {
        try (MarinaUnderTest marina = start("instances: 2\n    min_instances: 2")) {
            await().until(() -> marina.status("/app").readyInstances() == 2);
            List<Long> pids = marina.status("/app").pids();
            ClientLoad load = ClientLoad.on(marina, "/app/pid", 1);

            CompletableFuture<HttpResponse<String>> own = marina.getAsync("/app/exit?status=1");

            assertThat(own.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
            long answered = load.answered();
            await().until(() -> load.answered() > answered + 50);
            await().until(() -> marina.status("/app").readyInstances() == 2);
            assertThat(load.stop()).allMatch(bad -> bad.startsWith("502")).hasSizeLessThanOrEqualTo(1);
            assertThat(marina.status("/app").pids()).doesNotContainSequence(pids);
        }
    }

    @Test
    void aRollingRestartBringsUpAsManyAsRanWithoutAFailedRequest() throws Exception {
        try (MarinaUnderTest marina = start("instances: 3")) {
            marina.get("/app/pid");
            startSecond(marina);
            List<Long> before = marina.status("/app").pids();
            ClientLoad load = ClientLoad.on(marina, "/app/pid", 2);

            assertThat(marina.server()
                            .reloader()
                            .restart(new ContextPath("/app"))
                            .join()
                            .succeeded())
                    .isTrue();

            assertThat(marina.status("/app").readyInstances()).isGreaterThanOrEqualTo(2);
            assertThat(marina.status("/app").pids()).doesNotContainAnyElementsOf(before);
            assertThat(load.stop()).isEmpty();
        }
    }

    @Test
    void hooksRunOncePerContextNotPerInstance() throws Exception {
        String hook = "[{ command: [sh, -c, echo %s >> " + base.resolve("story") + "] }]";
        MarinaUnderTest marina =
                start("instances: 2\n    min_instances: 2\n    hooks: { start: " + hook.formatted("start") + ", ready: "
                        + hook.formatted("ready") + ", stop: " + hook.formatted("stop") + " }");
        await().until(() -> marina.status("/app").readyInstances() == 2);
        await().until(() ->
                Files.exists(base.resolve("story")) && marina.read("story").contains("ready"));

        marina.close();

        assertThat(marina.read("story")).isEqualTo("start\nready\nstop\n");
    }

    /** Keeps the first one busy until the second one is ready. */
    private static void startSecond(MarinaUnderTest marina) {
        CompletableFuture<HttpResponse<String>> busy = marina.getAsync("/app/slow?ms=1000");
        await().until(() -> marina.status("/app").backend().leases() > 0);
        marina.get("/app/pid");
        await().until(() -> marina.status("/app").readyInstances() == 2);
        assertThat(busy.join().statusCode()).isEqualTo(200);
    }

    private MarinaUnderTest start(String keys) {
        return MarinaUnderTest.start(
                base,
                """
                contexts:
                  /app:
                    command: [node, app.js]
                    directory: %s
                    %s
                """
                        .formatted(Path.of("target/test-classes/apps").toAbsolutePath(), keys));
    }
}
