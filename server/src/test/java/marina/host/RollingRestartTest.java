package marina.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import marina.config.ContextPath;
import marina.testing.ClientLoad;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fresh instance takes over from the running one. */
class RollingRestartTest {
    @TempDir
    private Path base;

    /** What tests before this one have left to end. */
    private final Set<Long> childrenBefore = children().collect(Collectors.toSet());

    @Test
    void noRequestFailsUnderLoadAndEachTimeAnotherProcessAnswers() throws Exception {
        try (MarinaUnderTest marina = start("", "env: { START_DELAY: \"100\" }")) {
            String first = marina.get("/app/pid").body();
            ClientLoad load = ClientLoad.on(marina, "/app/pid", 8);
            for (int round = 0; round < 5; round++) {
                long before = load.answered();
                await().until(() -> load.answered() > before + 50);
                assertThat(restart(marina).succeeded()).isTrue();
            }

            await().untilAsserted(
                            () -> assertThat(load.bodies()).contains(first).hasSize(6));
            assertThat(load.stop()).isEmpty();
            assertThat(marina.get("/app/pid").body()).isNotEqualTo(first);
            await().untilAsserted(() ->
                    assertThat(ProcessHandle.of(Long.parseLong(first))).isEmpty());
        }
    }

    @Test
    void aRequestInFlightIsAnsweredByTheProcessThatBeganIt() throws Exception {
        try (MarinaUnderTest marina = start("", "")) {
            marina.get("/app/pid");
            CompletableFuture<HttpResponse<String>> slow = marina.getAsync("/app/slow?ms=1500");
            await().until(() -> marina.status("/app").backend().leases() == 1);
            long old = marina.status("/app").backend().pid();

            assertThat(restart(marina).succeeded()).isTrue();

            assertThat(marina.status("/app").backend().pid()).isNotEqualTo(old);
            assertThat(slow.get(10, TimeUnit.SECONDS).body()).contains("\"pid\":" + old);
        }
    }

    @Test
    void aSuccessorThatDoesNotStartLeavesTheOldOneServingAndSaysWhy() throws Exception {
        try (MarinaUnderTest marina = start("", "")) {
            String pid = marina.get("/app/pid").body();
            MarinaUnderTest.write(base, "broken", "");

            ReloadOutcome outcome = restart(marina);

            assertThat(outcome.succeeded()).isFalse();
            assertThat(outcome.messages().toString())
                    .contains("/app: restart failed", "exit status 3", "a broken release", "goes on serving");
            assertThat(marina.get("/app/pid").body()).isEqualTo(pid);

            Files.delete(base.resolve("broken"));
            assertThat(restart(marina).succeeded()).isTrue();
            assertThat(marina.get("/app/pid").body()).isNotEqualTo(pid);
        }
    }

    @Test
    void aContextThatFailedStartsAfreshWithItsFailuresForgotten() throws Exception {
        MarinaUnderTest.write(base, "broken", "");
        try (MarinaUnderTest marina = start("", "")) {
            assertThat(marina.get("/app/pid").statusCode()).isEqualTo(503);
            assertThat(restart(marina).messages().toString()).contains("a broken release");

            Files.delete(base.resolve("broken"));

            assertThat(restart(marina).succeeded()).isTrue();
            assertThat(marina.get("/app/pid").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void twoRestartsAtOnceBothSucceedAndLeaveOneProcess() throws Exception {
        try (MarinaUnderTest marina = start("", "env: { START_DELAY: \"300\" }")) {
            marina.get("/app/pid");
            CompletableFuture<ReloadOutcome> first = marina.server().reloader().restart(new ContextPath("/app"));
            CompletableFuture<ReloadOutcome> second = marina.server().reloader().restart(new ContextPath("/app"));

            assertThat(first.get(10, TimeUnit.SECONDS).succeeded()).isTrue();
            assertThat(second.get(10, TimeUnit.SECONDS).succeeded()).isTrue();
            await().untilAsserted(() ->
                    assertThat(started()).containsExactly(marina.get("/app/pid").body()));
        }
    }

    @Test
    void stopHooksRunOnceWhenTheLastProcessOfThePathHasGone() {
        MarinaUnderTest marina = start("", hooks());
        marina.get("/app/pid");
        assertThat(restart(marina).succeeded()).isTrue();
        assertThat(marina.reload(yaml("", hooks() + "\n    stop_timeout: 9s")).succeeded())
                .isTrue();
        await().until(() -> started().size() == 1);

        marina.close();

        assertThat(marina.read("story")).isEqualTo("start\nstart\nstart\nstop\n");
    }

    @Test
    void withoutRollingRestartTheOldProcessAndItsStopHooksComeFirstAndRequestsWait() throws Exception {
        MarinaUnderTest marina =
                start("mkdir lock; trap 'rmdir lock; exit' TERM;", "rolling_restart: false\n    " + hooks());
        marina.get("/app/pid");
        ClientLoad load = ClientLoad.on(marina, "/app/pid", 4);
        await().until(() -> load.answered() > 0);

        assertThat(restart(marina).messages()).containsExactly("/app: restart done");

        assertThat(load.stop()).isEmpty();
        assertThat(load.bodies()).hasSize(2);
        marina.close();
        assertThat(marina.read("story")).isEqualTo("start\nstop\nstart\nstop\n");
    }

    @Test
    void withoutRollingRestartAFailedChangeBringsTheContextBackThatServedBefore() {
        String keys = "rolling_restart: false\n    env: { VERSION: good";
        try (MarinaUnderTest marina = start("mkdir lock; trap 'rmdir lock; exit' TERM;", keys + " }")) {
            assertThat(marina.get("/app/version").body()).isEqualTo("good");

            ReloadOutcome outcome =
                    marina.reload(yaml("mkdir lock; trap 'rmdir lock; exit' TERM;", keys + ", EXIT_AT_START: \"3\" }"));

            assertThat(outcome.succeeded()).isFalse();
            assertThat(outcome.messages().toString())
                    .contains("the database is missing", "the context before it was started again");
            assertThat(marina.get("/app/version").body()).isEqualTo("good");
            assertThat(marina.reload(yaml("mkdir lock; trap 'rmdir lock; exit' TERM;", keys + "er }"))
                            .succeeded())
                    .isTrue();
            assertThat(marina.get("/app/version").body()).isEqualTo("gooder");
        }
    }

    private MarinaUnderTest start(String script, String keys) {
        return MarinaUnderTest.start(base, yaml(script, keys));
    }

    private String yaml(String script, String keys) {
        return """
                contexts:
                  /app:
                    command: [sh, -c, "%s test ! -e broken || { echo a broken release; exit 3; }; %s node %s"]
                    directory: .
                    %s
                """
                .formatted(
                        script,
                        script.isEmpty() ? "exec" : "",
                        Path.of("target/test-classes/apps/app.js").toAbsolutePath(),
                        keys);
    }

    private String hooks() {
        return "hooks: { start: [{ command: [sh, -c, echo start >> %s] }], stop: [{ command: [sh, -c, echo stop >> %s] }] }"
                .formatted(base.resolve("story"), base.resolve("story"));
    }

    private static ReloadOutcome restart(MarinaUnderTest marina) {
        return marina.server().reloader().restart(new ContextPath("/app")).join();
    }

    /** The process ids of what this test has started. */
    private List<String> started() {
        return children()
                .filter(pid -> !childrenBefore.contains(pid))
                .map(pid -> Long.toString(pid))
                .toList();
    }

    private static Stream<Long> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).map(ProcessHandle::pid);
    }
}
