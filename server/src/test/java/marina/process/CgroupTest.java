package marina.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control groups: what is written into a folder that stands for a mount, and joining, killing and removing real ones. */
class CgroupTest {
    private static final long M = 1024 * 1024;

    @TempDir
    Path folder;

    private Path base;
    private Launched launched;

    @BeforeEach
    void open() throws IOException {
        base = Files.createDirectories(folder.resolve("mount/service"));
        Files.writeString(base.resolve("cgroup.controllers"), "cpu io memory pids\n");
        Files.writeString(base.resolve("cgroup.subtree_control"), "\n");
        Files.writeString(base.resolve("cgroup.procs"), "");
        Path proc = Files.createDirectories(folder.resolve("self"));
        Files.writeString(proc.resolve("cgroup"), "4:memory:/elsewhere\n0::/service\n");
        Files.writeString(
                proc.resolve("mountinfo"),
                "24 1 0:22 / /proc rw - proc proc rw\n41 31 0:38 / " + folder.resolve("mount")
                        + " rw,relatime shared:4 - cgroup2 cgroup2 rw\n");
        launched = new Launched(folder, new CgroupTree(proc));
    }

    @AfterEach
    void close() {
        launched.close();
    }

    @Test
    void makesAGroupWithItsLimitsAndLetsTheProcessJoinIt() throws Exception {
        RunningProcess process = limited("echo $$; sleep 60", new ResourceLimits(512 * M, 0, 40));
        Path group = group();

        Awaitility.await().until(() -> launched.output.contains("OUT " + process.pid()));
        assertThat(base.resolve("cgroup.subtree_control")).content().contains("+memory", "+pids");
        assertThat(group.getFileName().toString()).startsWith("marina-_shop-");
        assertThat(group.resolve("memory.max")).hasContent("536870912");
        assertThat(group.resolve("pids.max")).hasContent("40");
        assertThat(group.resolve("cgroup.procs")).hasContent(Long.toString(process.pid()));
    }

    @Test
    void makesNoGroupWithoutALimitThatAGroupKeeps() throws Exception {
        launched.sh("sleep 60");
        limited("sleep 60", new ResourceLimits(0, 100, 0));

        assertThat(groups()).isEmpty();
        assertThat(base.resolve("cgroup.subtree_control")).hasContent("\n");
    }

    @Test
    void namesAKillOfTheKernelForMemory() throws Exception {
        RunningProcess process = limited("read go < go; kill -KILL $$", new ResourceLimits(512 * M, 0, 0));
        Path group = group();
        Files.writeString(group.resolve("memory.events"), "low 0\nmax 30\noom 1\noom_kill 1\noom_group_kill 1\n");
        Files.writeString(group.resolve("memory.peak"), "536866816\n");
        Files.writeString(folder.resolve("go"), "\n");

        ExitOutcome outcome = Launched.exitOf(process);
        assertThat(outcome.describe()).startsWith("killed for memory: 512M used, memory_limit 512M");
    }

    @Test
    void findsItsPlaceInAMountThatShowsAPart() throws IOException {
        Path self = Files.createDirectories(folder.resolve("container"));
        Files.writeString(self.resolve("cgroup"), "0::/docker/abc\n");
        Files.writeString(
                self.resolve("mountinfo"), "41 31 0:38 /docker/abc /sys/fs/my\\040group rw - cgroup2 cgroup rw\n");

        assertThat(CgroupMount.find(self)).contains(new CgroupMount(Path.of("/sys/fs/my group"), true));
        Files.writeString(self.resolve("cgroup"), "0::/../other\n");
        assertThat(CgroupMount.find(self)).isEmpty();
    }

    @Test
    void killsAndRemovesAGroupWithAllThatWasMadeBelowIt() throws Exception {
        Cgroup group = new Cgroup(
                realBase().resolve("marina-test-" + ProcessHandle.current().pid()));
        group.make(ResourceLimits.NONE, Set.of());
        try {
            String inner = group.folder() + "/inner";
            RunningProcess process = launched.sh("echo $$ > " + group.members() + "; mkdir " + inner + "; sleep 60 & "
                    + "setsid sh -c 'echo $$ > " + inner + "/cgroup.procs; echo in; exec sleep 60' & wait");
            Awaitility.await().until(() -> launched.output.contains("OUT in"));
            assertThat(group.pids()).hasSize(3).contains(process.pid());
            assertThat(group.remove()).isFalse();

            assumeThat(group.folder().resolve("cgroup.kill")).exists();
            group.kill();

            assertThat(Launched.exitOf(process).describe()).startsWith("killed by SIGKILL");
            Awaitility.await().until(group::remove);
            assertThat(group.folder()).doesNotExist();
        } finally {
            group.kill();
            Awaitility.await().until(group::remove);
        }
    }

    @Test
    void removesTheGroupThatAKilledMarinaLeft() throws Exception {
        String mark = "0000-" + ProcessHandle.current().pid();
        Cgroup group = new Cgroup(realBase().resolve("marina-_orphan-" + mark));
        group.make(ResourceLimits.NONE, Set.of());
        Process left = new ProcessBuilder("sh", "-c", "echo $$ > " + group.members() + "; exec sleep 60").start();
        Awaitility.await().until(() -> group.pids().contains(left.pid()));
        ProcTable table = new ProcTable();
        new ProcessRecords(launched.records)
                .write(new ProcessRecords.ProcessRecord(
                        new ProcessTree.Identity(0, table.nowTicks(), false, mark), table.bootId(), "/orphan", group));

        assertThat(launched.launcher.endOrphans())
                .containsExactly("Ended pid " + left.pid() + ", left running for /orphan by an earlier Marina");

        assertThat(left.waitFor()).isNotZero();
        Awaitility.await().untilAsserted(() -> assertThat(group.folder()).doesNotExist());
    }

    private static Path realBase() {
        Optional<CgroupMount> mount = CgroupMount.find(Path.of("/proc/self"));
        assumeThat(mount).as("cgroup v2 is mounted").isPresent();
        Path own = mount.orElseThrow().own();
        assumeThat(Files.isWritable(own) && Files.isWritable(own.resolve("cgroup.procs")))
                .as("cgroups can be made in " + own)
                .isTrue();
        return own;
    }

    private Path group() throws IOException {
        return groups().get(0);
    }

    private List<Path> groups() throws IOException {
        try (var entries = Files.list(base)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    private RunningProcess limited(String script, ResourceLimits limits) throws Exception {
        if (!Files.exists(folder.resolve("go"))) {
            new ProcessBuilder("mkfifo", folder.resolve("go").toString())
                    .start()
                    .waitFor();
        }
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
