package marina.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminateTest {
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
    void endsAProcessAndItsChildrenWithSigterm() throws Exception {
        RunningProcess process = launched.sh("sleep 60 & echo $! > child; wait");
        long child = child("child");

        Launched.end(process, Duration.ofSeconds(10));

        assertThat(Launched.exitOf(process).describe()).isEqualTo("killed by SIGTERM");
        assertThat(Launched.alive(child)).isFalse();
        assertThat(launched.records).isEmptyDirectory();
    }

    @Test
    void killsWhatIgnoresSigtermAfterTheGrace() throws Exception {
        RunningProcess process = launched.sh("trap '' TERM; sleep 60 & echo $! > child; while :; do wait; done");
        long child = child("child");
        long begin = System.nanoTime();

        Launched.end(process, Duration.ofMillis(300));

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(290), Duration.ofSeconds(3));
        assertThat(Launched.exitOf(process).describe()).isEqualTo("killed by SIGKILL");
        assertThat(Launched.alive(child)).isFalse();
    }

    @Test
    void givesAChildTheWholeGraceWhenTheLeaderGoesAtOnce() throws Exception {
        RunningProcess process = launched.sh("(trap '' TERM; echo ready; sleep 0.4; echo finished) & wait");
        Awaitility.await().until(() -> launched.output.contains("OUT ready"));

        Launched.end(process, Duration.ofSeconds(5));

        assertThat(launched.output).contains("OUT finished");
    }

    @Test
    void killsAStubbornChildWhoseLeaderHasGone() throws Exception {
        RunningProcess process = launched.sh("(trap '' TERM; sleep 60; sleep 60) & echo $! > child; wait");
        long child = child("child");

        Launched.end(process, Duration.ofMillis(300));

        assertThat(Launched.alive(child)).isFalse();
    }

    @Test
    void findsADescendantThatMadeASessionOfItsOwn() throws Exception {
        RunningProcess process = launched.sh("setsid sh -c 'echo $$ > child; sleep 60; :' & wait");
        long child = child("child");

        Launched.end(process, Duration.ofSeconds(2));

        assertThat(Launched.alive(child)).isFalse();
    }

    @Test
    void killsWhatACrashedProcessLeaves() throws Exception {
        RunningProcess process = launched.sh("sleep 60 & echo $! > child; wait");
        long child = child("child");

        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);

        assertThat(Launched.exitOf(process).describe()).startsWith("killed by SIGKILL");
        Awaitility.await().untilAsserted(() -> assertThat(Launched.alive(child)).isFalse());
        Awaitility.await().untilAsserted(() -> assertThat(launched.records).isEmptyDirectory());
    }

    @Test
    void endsAProcessThatHasHardlyBeenStarted() throws Exception {
        for (int i = 0; i < 20; i++) {
            RunningProcess process = launched.sh("sleep 60");
            Launched.end(process, Duration.ofSeconds(5));
            assertThat(Launched.alive(process.pid())).isFalse();
        }
    }

    @Test
    void mayBeAskedTwiceAndAfterwards() throws Exception {
        RunningProcess process = launched.sh("trap '' TERM; echo ready; sleep 60; sleep 60");
        Awaitility.await().until(() -> launched.output.contains("OUT ready"));
        var first = process.terminate(Duration.ofSeconds(30));

        Launched.end(process, Duration.ZERO);
        Launched.end(process, Duration.ofSeconds(30));

        assertThat(first).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void closesWithEverythingKilled() throws Exception {
        RunningProcess one = launched.sh("trap '' TERM; sleep 60; sleep 60");
        RunningProcess two = launched.sh("sleep 60 & echo $! > child; wait");
        long child = child("child");

        launched.close();

        assertThat(List.of(one.pid(), two.pid(), child)).noneMatch(Launched::alive);
        assertThat(launched.records).isEmptyDirectory();
    }

    private long child(String file) {
        return Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> launched.pidIn(file), pid -> pid > 0);
    }
}
