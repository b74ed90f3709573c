package marina.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import marina.process.ProcessRecords.ProcessRecord;
import marina.process.ProcessTree.Identity;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanTest {
    private final ProcTable table = new ProcTable();

    @TempDir
    Path folder;

    private Launched launched;

    @BeforeEach
    void open() {
        launched = new Launched(folder);
    }

    @AfterEach
    void close() {
        launched.close();
    }

    @Test
    void endsWhatAKilledMarinaLeft() throws Exception {
        Process marina = new ProcessBuilder(KilledMarina.command(folder, launched.records))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        long leader = pid("leader");
        long escaped = pid("escaped");
        marina.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        assertThat(Launched.alive(leader)).isTrue();

        List<String> lines = launched.launcher.endOrphans();

        assertThat(lines).anyMatch(line -> line.contains("pid " + leader) && line.contains("/orphan"));
        assertThat(List.of(leader, escaped)).noneMatch(Launched::alive);
        assertThat(launched.records).isEmptyDirectory();
    }

    @Test
    void sparesAnInnocentProcessThatReusesThePid() throws Exception {
        Process innocent = new ProcessBuilder("setsid", "sleep", "60").start();
        try {
            long start = table.startOf(innocent.pid()).orElseThrow();
            record("11111111-aaaa", innocent.pid(), start - 5, table.bootId());
            record("22222222-bbbb", innocent.pid(), start, "another boot");

            assertThat(launched.launcher.endOrphans()).isEmpty();

            assertThat(innocent.isAlive()).isTrue();
            assertThat(launched.records).isEmptyDirectory();
        } finally {
            innocent.destroyForcibly();
        }
    }

    @Test
    void findsByTheMarkWhatWasStartedButNotYetRecorded() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sleep", "60");
        builder.environment().put(ProcessTree.MARK, "33333333-cccc");
        long before = table.nowTicks();
        Process orphan = builder.start();
        record("33333333-cccc", 0, before, table.bootId());

        assertThat(launched.launcher.endOrphans()).hasSize(1);

        assertThat(orphan.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void ignoresGarbageAndSaysSo() throws Exception {
        Files.createDirectories(launched.records);
        Files.writeString(launched.records.resolve("x.process"), "pid=\\u00zz");
        Files.writeString(launched.records.resolve("y.process"), "pid=many\nstart=1");
        Files.write(launched.records.resolve("z"), new byte[] {0, -1, 7});

        assertThat(launched.launcher.endOrphans()).hasSize(3).allMatch(line -> line.startsWith("Ignored "));
        assertThat(launched.records).isEmptyDirectory();
    }

    @Test
    void leavesAloneWhatItStartedItself() throws Exception {
        RunningProcess process = launched.sh("sleep 60");

        assertThat(launched.launcher.endOrphans()).isEmpty();

        assertThat(Launched.alive(process.pid())).isTrue();
    }

    private void record(String mark, long pid, long start, String boot) throws IOException {
        new ProcessRecords(launched.records)
                .write(new ProcessRecord(new Identity(pid, start, true, mark), boot, "/orphan", Cgroup.NONE));
    }

    private long pid(String file) {
        return Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> launched.pidIn(file), pid -> pid > 0);
    }
}
