package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
    private final Instant weekAgo = Instant.now().minus(7, ChronoUnit.DAYS);

    @TempDir
    Path work;

    @Test
    void sweepsWhatDeadProcessesLeftAndNothingElse() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        Path other = Files.createDirectories(work.resolve("temp").resolve(nameOf(process.toHandle())));
        Path strange = Files.createDirectories(work.resolve("temp/no-process/deep/er"));
        // The same pid, but it was started at another time.
        Path reused = Files.createDirectories(
                work.resolve("temp/" + ProcessHandle.current().pid() + "-1/x"));
        WorkFolder folder = new WorkFolder(work);
        Path own = folder.newTemp("mine");
        try {
            folder.sweep();
            assertThat(own).exists();
            assertThat(other).exists();
            assertThat(strange).doesNotExist();
            assertThat(reused).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        folder.sweep();
        assertThat(other).doesNotExist();
    }

    @Test
    void prunesArchivesThatAreOldAndUsedByNoProcess() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            Path fresh = unpacked("fresh", Instant.now());
            Path old = unpacked("old", weekAgo.minusSeconds(1));
            Path orphan = scan("gone");
            Path scanOfOld = scan("old");
            Path scanOfFresh = scan("fresh");
            Path elsewhere = unpacked("elsewhere", weekAgo.minusSeconds(1));
            Path mark = work.resolve("temp").resolve(nameOf(process.toHandle())).resolve("elsewhere.used");
            Files.createDirectories(mark.getParent());
            Files.createFile(mark);
            Path here = unpacked("here", weekAgo.minusSeconds(1));
            WorkFolder folder = new WorkFolder(work);
            folder.mark(here);
            folder.prune(weekAgo);
            assertThat(old).doesNotExist();
            assertThat(scanOfOld).doesNotExist();
            assertThat(orphan).doesNotExist();
            assertThat(scanOfFresh).exists();
            assertThat(fresh.resolve("file")).exists();
            assertThat(elsewhere.resolve("file")).exists();
            assertThat(here.resolve("file")).exists();

            folder.unmark(here);
            folder.remove(here, () -> true);
            assertThat(here.resolve("file")).as("used again meanwhile").exists();
            folder.remove(here, () -> false);
            assertThat(here).doesNotExist();
            folder.remove(here, () -> false);
            assertThat(HostUnderTest.below(work.resolve("temp"), 2)).containsExactly(mark);
        } finally {
            process.destroyForcibly();
        }
    }

    private Path unpacked(String name, Instant used) throws Exception {
        Path folder = Files.createDirectories(work.resolve("wars").resolve(name));
        Files.writeString(folder.resolve("file"), "x");
        Files.setLastModifiedTime(folder, FileTime.from(used));
        return folder;
    }

    private Path scan(String name) throws Exception {
        return Files.writeString(Files.createDirectories(work.resolve("scans")).resolve(name), "x");
    }

    private static String nameOf(ProcessHandle process) {
        return process.pid() + "-"
                + process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
    }
}
