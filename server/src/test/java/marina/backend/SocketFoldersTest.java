package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import marina.testing.CurrentUser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folders of sockets are private, short enough, and gone when they are not needed any more. */
class SocketFoldersTest {
    @TempDir
    private Path run;

    @Test
    void eachIsNewAndClosedToOthers() throws Exception {
        SocketFolders folders = new SocketFolders(run);

        Path one = folders.create("");
        Path other = folders.create("");

        assertThat(one).isNotEqualTo(other).hasParent(run.resolve("sockets"));
        assertThat(mode(one)).isEqualTo("rwx------");
        assertThat(mode(run.resolve("sockets"))).as("nobody can list it").isEqualTo("rwx--x--x");
    }

    @Test
    void belongsToTheUserOfItsProcess() throws Exception {
        assumeTrue(CurrentUser.uid() == 0, "only root can give a folder away");

        Path folder = new SocketFolders(run).create("nobody");

        assertThat(Files.getOwner(folder).getName()).isEqualTo("nobody");
        assertThat(mode(folder)).isEqualTo("rwx------");
    }

    /** As bin/marina.sh leaves it: its umask closes new folders to others. */
    @ParameterizedTest
    @ValueSource(strings = {"rwxr-xr-x", "rwx------"})
    void canBeReachedByTheUserOfItsProcess(String modeOfBase) throws Exception {
        assumeTrue(CurrentUser.uid() == 0, "only root can be another user");
        Path closed = Files.createDirectories(run.resolve("base/run"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-x---"));
        Files.setPosixFilePermissions(run.resolve("base"), PosixFilePermissions.fromString(modeOfBase));
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));

        Path folder = new SocketFolders(closed).create("nobody");

        Path socket = SocketFolders.socketIn(folder);
        Process nobody = new ProcessBuilder(
                        "setpriv", "--reuid", "nobody", "--clear-groups", "touch", socket.toString())
                .inheritIO()
                .start();
        assertThat(nobody.waitFor()).isZero();
        assertThat(folder.startsWith(closed)).isEqualTo(modeOfBase.equals("rwxr-xr-x"));
    }

    @Test
    void failsTheStartWhenTheUserDoesNotExist() {
        assertThatThrownBy(() -> new SocketFolders(run).create("no-such-user"))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("no-such-user");
        assertThat(run.resolve("sockets")).doesNotExist();
    }

    @Test
    void lieInTheTemporaryDirectoryWhenTheirPathWouldBeTooLong() throws Exception {
        SocketFolders folders = new SocketFolders(run.resolve("x".repeat(60)).resolve("y".repeat(60)));

        Path folder = folders.create("");
        Files.createFile(SocketFolders.socketIn(folder));

        assertThat(SocketFolders.socketIn(folder).toString().getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(103);
        assertThat(mode(folder)).isEqualTo("rwx------");

        folders.remove(folder);

        assertThat(folder.getParent()).doesNotExist();
    }

    @Test
    void thoseOfAKilledMarinaAreRemovedAndNothingElse() throws Exception {
        SocketFolders folders = new SocketFolders(run);
        Path left = folders.create("");
        Files.createFile(SocketFolders.socketIn(left));
        Path outside = Files.createDirectory(run.resolve("outside"));
        Path kept = Files.createFile(outside.resolve("kept"));
        Path others = Files.createDirectory(run.resolve("sockets/of-others"));
        Path link = Files.createSymbolicLink(run.resolve("sockets/0123456789abcdef"), outside);
        Files.createSymbolicLink(left.resolve("link"), outside);

        new SocketFolders(run).removeLeftovers();

        assertThat(left).doesNotExist();
        assertThat(kept).exists();
        assertThat(others).exists();
        assertThat(link).exists();
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
