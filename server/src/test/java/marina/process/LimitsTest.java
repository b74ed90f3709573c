package marina.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

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

/** Limits as they are kept where there is no cgroup v2, which here is made so by a /proc/self without one. */
class LimitsTest {
    private static final long M = 1024 * 1024;

    /** Holds 60 MB in a child of the shell for as long as it may. */
    private static final String GREEDY = "(head -c 60000000 /dev/zero; sleep 60) | tail -n 1";

    @TempDir
    Path folder;

    private Launched launched;

    @BeforeEach
    void open() {
        launched = new Launched(folder, new CgroupTree(folder));
        assumeThat(Path.of("/proc/self/status")).exists();
    }

    @AfterEach
    void close() {
        launched.close();
    }

    @Test
    void killsATreeThatUsesMoreMemoryThanItsLimitAndSaysSo() throws Exception {
        RunningProcess process = limited(GREEDY, new ResourceLimits(30 * M, 0, 0));

        assertThat(Launched.exitOf(process).describe()).matches("killed for memory: [3-9]\\dM used, memory_limit 30M");
        process.terminate(Duration.ZERO).join();
        assertThat(process.residentBytes()).isZero();
    }

    @Test
    void countsADescendantThatHasLeftTheSession() throws Exception {
        RunningProcess process = limited("setsid sh -c '" + GREEDY + "' & wait", new ResourceLimits(30 * M, 0, 0));

        assertThat(Launched.exitOf(process).describe()).startsWith("killed for memory");
    }

    @Test
    void leavesATreeAloneThatStaysBelowItsLimit() throws Exception {
        RunningProcess small = limited("sleep 60", new ResourceLimits(30 * M, 0, 0));
        RunningProcess greedy = limited(GREEDY, new ResourceLimits(30 * M, 0, 0));

        Launched.exitOf(greedy);

        assertThat(small.exit()).isNotDone();
    }

    @Test
    void countsPagesOnceThatForkedWorkersShare() throws Exception {
        assumeThat(Path.of("/proc/self/smaps_rollup")).exists();
        RunningProcess workers = limited(
                "x=$(head -c 40000000 /dev/zero | tr '\\0' x); "
                        + "for i in 1 2 3 4; do (echo $i > worker$i; sleep 60; :) & done; wait",
                new ResourceLimits(120 * M, 0, 0));
        Awaitility.await().until(() -> Files.exists(folder.resolve("worker4")));
        RunningProcess greedy = limited(GREEDY, new ResourceLimits(30 * M, 0, 0));

        Launched.exitOf(greedy);

        assertThat(workers.exit()).isNotDone();
    }

    @Test
    void limitsOpenFilesAndProcesses() throws Exception {
        assumeThat(ProgramLookup.find("prlimit", System.getenv("PATH"))).isPresent();
        RunningProcess process =
                limited("ulimit -n; ulimit -Hn; grep processes /proc/self/limits", new ResourceLimits(0, 123, 4567));

        assertThat(Launched.exitOf(process).status()).isZero();
        assertThat(launched.output)
                .contains("OUT 123")
                .anyMatch(line -> line.matches("OUT Max processes +4567 +4567 .*"));
    }

    @Test
    void saysThatAKillBySomebodyElseMayBeForMemory() throws Exception {
        RunningProcess process = launched.sh("kill -KILL $$");

        assertThat(Launched.exitOf(process).describe())
                .isEqualTo("killed by SIGKILL, not by Marina; perhaps for lack of memory");
    }

    @Test
    void doesNotBlameMemoryForItsOwnKill() throws Exception {
        RunningProcess process = limited("sleep 60", new ResourceLimits(30 * M, 0, 0));

        Launched.end(process, Duration.ZERO);

        assertThat(Launched.exitOf(process).describe()).isEqualTo("killed by SIGKILL");
    }

    private RunningProcess limited(String script, ResourceLimits limits) throws LaunchException {
        return launched.launcher.launch(new ProcessSpec(
                "/shop",
                List.of("sh", "-c", script),
                folder,
                Map.of("PATH", System.getenv("PATH")),
                (channel, line) -> launched.output.add(channel + " " + line),
                Account.OWN,
                limits));
    }
}
