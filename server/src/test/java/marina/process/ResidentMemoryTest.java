package marina.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidentMemoryTest {
    private static final long M = 1024 * 1024;

    @TempDir
    Path folder;

    private Launched launched;

    @BeforeEach
    void open() {
        launched = new Launched(folder);
        assumeThat(Path.of("/proc/self/status")).exists();
    }

    @AfterEach
    void close() {
        launched.close();
    }

    @Test
    void countsWhatADescendantHolds() throws Exception {
        RunningProcess process = launched.sh("echo $$; (head -c 60000000 /dev/zero; sleep 60) | tail -n 1");

        Awaitility.await().until(() -> process.residentBytes() > 55 * M);
        assertThat(process.residentBytes()).isLessThan(80 * M);
    }

    @Test
    void countsPagesOnceThatForkedWorkersShare() throws Exception {
        assumeThat(Path.of("/proc/self/smaps_rollup")).exists();
        RunningProcess process = launched.sh("x=$(head -c 40000000 /dev/zero | tr '\\0' x); "
                + "for i in 1 2 3 4; do (echo $i > worker$i; sleep 60; :) & done; wait");
        Awaitility.await().until(() -> Files.exists(folder.resolve("worker4")));

        Awaitility.await().until(() -> process.residentBytes() > 38 * M);
        assertThat(process.residentBytes()).isLessThan(110 * M);
    }

    @Test
    void isNothingWhenTheTreeIsGone() throws Exception {
        RunningProcess process = launched.sh("sleep 60");
        assertThat(process.residentBytes()).isPositive();

        Launched.end(process, Duration.ZERO);

        assertThat(process.residentBytes()).isZero();
    }
}
