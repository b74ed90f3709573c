package marina.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import marina.config.Hook;
import marina.config.Template;
import marina.process.ProcessLauncher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookTest {
    @TempDir
    Path folder;

    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private ProcessLauncher launcher;

    @BeforeEach
    void open() {
        launcher = new ProcessLauncher(folder.resolve("records"));
    }

    @AfterEach
    void close() {
        launcher.close();
    }

    @Test
    void runsOneAfterTheOtherWithPortAndEnvironment() throws Exception {
        Hook first = new Hook(
                List.of(
                        Template.literal("sh"),
                        Template.literal("-c"),
                        new Template(List.of("sleep 0.2; echo $COLOUR ", ""), List.of("port"))),
                Duration.ofSeconds(5),
                "");

        HookOutcome outcome = run(List.of(first, sh("echo second", Duration.ZERO)));

        assertThat(outcome.succeeded()).isTrue();
        assertThat(outcome.reason()).isEmpty();
        assertThat(outcome.took()).isGreaterThan(Duration.ofMillis(190));
        assertThat(output).containsExactly("blue 4711", "second");
    }

    @Test
    void succeedsAtOnceWithoutHooks() throws Exception {
        assertThat(run(List.of()).succeeded()).isTrue();
    }

    @Test
    void endsTheRowAtTheFirstFailure() throws Exception {
        HookOutcome outcome =
                run(List.of(sh("echo no database >&2; exit 3", Duration.ofSeconds(5)), sh("echo on", Duration.ZERO)));

        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.reason())
                .isEqualTo("hook start of /a: \"sh -c echo no database >&2; exit 3\""
                        + " ended with exit status 3: no database");
        assertThat(output).doesNotContain("on");
    }

    @Test
    void endsTheWholeTreeAtTheTimeout() throws Exception {
        HookOutcome outcome = run(List.of(
                sh("trap '' TERM; sleep 60 & echo $! > child; while :; do wait; done", Duration.ofMillis(300))));

        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.reason()).endsWith("exceeded its timeout of 0.3s");
        assertThat(outcome.took()).isLessThan(Duration.ofSeconds(4));
        long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
        await().untilAsserted(() -> assertThat(ProcessHandle.of(child)).isEmpty());
    }

    @Test
    void aRowThatIsGivenUpIsOverWhenNothingOfItIsLeft() throws Exception {
        HookRow row = new HookRunner(launcher)
                .begin(
                        HookPoint.CONTEXT_START,
                        List.of(
                                sh(
                                        "trap '' TERM; sleep 60 & echo $! > t; mv t child; while :; do wait; done",
                                        Duration.ZERO),
                                sh("echo second", Duration.ZERO)),
                        new HookSurroundings(
                                "/a",
                                folder,
                                Map.of("PATH", System.getenv("PATH")),
                                Map.of(),
                                (channel, line) -> output.add(line)));
        await().until(() -> Files.exists(folder.resolve("child")));
        long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());

        row.giveUp();

        assertThat(row.outcome()).isNotDone();
        assertThat(row.outcome().get(10, TimeUnit.SECONDS).reason()).endsWith("was given up");
        assertThat(isRunning(child)).isFalse();
        assertThat(output).isEmpty();
    }

    @Test
    void saysWhatCouldNotBeStarted() throws Exception {
        Hook missing = new Hook(Template.literals("bin/prepare", "x"), Duration.ZERO, "");

        assertThat(run(List.of(missing)).reason())
                .startsWith("hook start of /a: \"bin/prepare x\" could not be started: command not found");
    }

    private HookOutcome run(List<Hook> hooks) throws Exception {
        return new HookRunner(launcher)
                .begin(
                        HookPoint.CONTEXT_START,
                        hooks,
                        new HookSurroundings(
                                "/a",
                                folder,
                                Map.of("PATH", System.getenv("PATH"), "COLOUR", "blue"),
                                Map.of("port", "4711"),
                                (channel, line) -> output.add(line)))
                .outcome()
                .get(10, TimeUnit.SECONDS);
    }

    private static Hook sh(String script, Duration timeout) {
        return new Hook(Template.literals("sh", "-c", script), timeout, "");
    }

    /** Whether a process runs; one that has ended but has not been waited for by its parent does not. */
    private static boolean isRunning(long pid) {
        try {
            return !Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .isEmpty();
        } catch (IOException e) {
            return false; // it is gone
        }
    }
}
