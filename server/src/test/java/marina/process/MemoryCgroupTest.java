package marina.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that the kernel keeps. Runs only where this JVM may make cgroups (v2) with the controllers memory and pids. */
class MemoryCgroupTest {
    private static final long M = 1024 * 1024;

    @TempDir
    Path folder;

    private final CgroupTree cgroups = new CgroupTree(Path.of("/proc/self"));
    private Launched launched;

    @BeforeEach
    void open() {
        launched = new Launched(folder, cgroups);
        Cgroup planned = cgroups.plan(spec("true", new ResourceLimits(M, 0, 1)), "probe");
        assumeThat(cgroups.keeps(planned, "memory") && cgroups.keeps(planned, "pids"))
                .as("cgroups with memory and pids can be made")
                .isTrue();
    }

    @AfterEach
    void close() {
        launched.close();
    }

    @Test
    void killsTheWholeGroupAtTheLimitAndSaysSo() throws Exception {
        RunningProcess process = limited(
                "setsid sleep 60 & echo $! > child; (head -c 60000000 /dev/zero; sleep 60) | tail -n 1",
                new ResourceLimits(30 * M, 0, 0));

        assertThat(Launched.exitOf(process).describe()).isEqualTo("killed for memory: 30M used, memory_limit 30M");
        process.terminate(Duration.ZERO).join();
        assertThat(Launched.alive(launched.pidIn("child"))).isFalse();
        Awaitility.await().untilAsserted(() -> assertThat(groups()).isEmpty());
    }

    @Test
    void limitsTheNumberOfProcessesOfRootToo() throws Exception {
        RunningProcess process =
                limited("for i in 1 2 3 4 5 6 7 8; do sleep 60 & done; echo all", new ResourceLimits(0, 0, 5));

        assertThat(Launched.exitOf(process).lastLines()).doesNotContain("all");
        assertThat(String.join(" ", Launched.exitOf(process).lastLines())).containsIgnoringCase("fork");
    }

    @Test
    void removesTheGroupAfterAnOrdinaryEnd() throws Exception {
        RunningProcess process = limited("sleep 60", new ResourceLimits(30 * M, 0, 5));
        assertThat(groups()).hasSize(1);

        Launched.end(process, Duration.ofSeconds(5));

        assertThat(Launched.exitOf(process).describe()).isEqualTo("killed by SIGTERM");
        Awaitility.await().untilAsserted(() -> assertThat(groups()).isEmpty());
    }

    @Test
    void killsWhatHasHiddenItsMark() throws Exception {
        RunningProcess process =
                limited("env -i setsid sleep 61 & echo $! > child; sleep 60", new ResourceLimits(30 * M, 0, 0));
        Awaitility.await().until(() -> launched.pidIn("child") > 0);

        Launched.end(process, Duration.ofMillis(200));

        assertThat(Launched.alive(launched.pidIn("child"))).isFalse();
    }

    private List<Path> groups() throws IOException {
        Path base = cgroups.plan(spec("true", new ResourceLimits(M, 0, 0)), "any")
                .folder()
                .getParent();
        try (var entries = Files.list(base)) {
            return entries.filter(path -> path.getFileName().toString().startsWith("marina-_shop-"))
                    .toList();
        }
    }

    private RunningProcess limited(String script, ResourceLimits limits) throws LaunchException {
        return launched.launcher.launch(spec(script, limits));
    }

    private ProcessSpec spec(String script, ResourceLimits limits) {
        return new ProcessSpec(
                "/shop",
                List.of("sh", "-c", script),
                folder,
                Map.of("PATH", System.getenv("PATH")),
                (channel, line) -> launched.output.add(channel + " " + line),
                Account.OWN,
                limits);
    }
}
