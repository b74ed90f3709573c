package marina.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchTest {
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
    void givesTheProcessExactlyItsEnvironmentAndAMark() throws Exception {
        Launched.exitOf(launched.launch(List.of("/usr/bin/env"), Map.of("COLOUR", "blue")));

        assertThat(launched.output)
                .hasSize(2)
                .contains("OUT COLOUR=blue")
                .anyMatch(line -> line.contains("MARINA_PROCESS="));
    }

    @Test
    void leadsASessionOfItsOwnFromItsDirectoryWithoutInput() throws Exception {
        RunningProcess process = launched.sh("cat; pwd; cut -d' ' -f5,6 /proc/$$/stat");

        assertThat(Launched.exitOf(process).status()).isZero();
        assertThat(launched.output)
                .containsExactly("OUT " + folder.toRealPath(), "OUT " + process.pid() + " " + process.pid());
    }

    @Test
    void saysThatACommandIsNotInPath() {
        assertThatThrownBy(() -> launched.launch(List.of("no-such-thing"), Map.of("PATH", "/usr/bin:/bin")))
                .isInstanceOf(LaunchException.class)
                .hasMessage("command not found: \"no-such-thing\" is in no folder of PATH=/usr/bin:/bin");
    }

    @Test
    void saysThatAFileIsMissingOrNotExecutable() throws Exception {
        Files.writeString(folder.resolve("plain"), "text");

        assertThatThrownBy(() -> launched.launch(List.of("bin/rails"), Map.of()))
                .hasMessageContaining("command not found: \"bin/rails\"")
                .hasMessageContaining(folder + "/bin/rails");
        assertThatThrownBy(() -> launched.launch(List.of("./plain"), Map.of()))
                .hasMessageContaining("is not executable for this user; try chmod +x");
    }

    @Test
    void saysThatTheDirectoryIsMissing() {
        ProcessSpec spec =
                new ProcessSpec("/shop", List.of("/bin/true"), folder.resolve("gone"), Map.of(), OutputSink.NONE);

        assertThatThrownBy(() -> launched.launcher.launch(spec)).hasMessageContaining("gone does not exist");
    }

    @Test
    void leavesNoRecordOfWhatCouldNotBeStarted() throws Exception {
        assertThatThrownBy(() -> launched.launch(List.of("/bin/tru\0e"), Map.of()))
                .isInstanceOf(Exception.class);
        assertThat(launched.records).satisfiesAnyOf(path -> assertThat(path).doesNotExist(), path -> assertThat(path)
                .isEmptyDirectory());
    }

    @Test
    void neverQuotesASecretOfTheEnvironment() {
        assertThatThrownBy(() -> launched.launch(List.of("/bin/true"), Map.of("TOKEN", "s3cr\0et")))
                .isInstanceOf(LaunchException.class)
                .hasMessageNotContaining("s3cr");
    }

    @Test
    void refusesAfterItWasClosed() {
        launched.close();

        assertThatThrownBy(() -> launched.sh("true")).hasMessageContaining("Marina is stopping");
    }
}
