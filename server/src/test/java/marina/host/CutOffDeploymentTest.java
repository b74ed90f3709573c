package marina.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import marina.config.Directories;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Undeployments and rollbacks that fail or are cut off halfway lose nothing, and leave nothing half done. */
class CutOffDeploymentTest {
    @TempDir
    Path base;

    private Path archive;
    private Path descriptor;
    private DeployedFiles files;

    @BeforeEach
    void deploy() {
        archive = base.resolve("webapps/shop.war");
        descriptor = base.resolve("conf/contexts/sam/shop.yml");
        files = new DeployedFiles(new Directories(base, base));
        write("one");
    }

    private void write(String text) {
        MarinaUnderTest.write(base, "webapps/shop.war", "archive " + text);
        MarinaUnderTest.write(base, "conf/contexts/sam/shop.yml", "descriptor " + text);
    }

    private List<String> kept() throws IOException {
        Path folder = base.resolve("work/previous/shop");
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .sorted()
                    .toList();
        }
    }

    private List<Path> drafts() throws IOException {
        try (Stream<Path> all = Files.walk(base)) {
            return all.filter(file -> file.getFileName().toString().startsWith(".upload-"))
                    .toList();
        }
    }

    @Test
    void anArchiveAndItsDescriptorGoAndComeBackTogether() throws Exception {
        files.take("shop", List.of(archive, descriptor));
        assertThat(archive).doesNotExist();
        assertThat(descriptor).doesNotExist();

        files.restore("shop");

        assertThat(archive).hasContent("archive one");
        assertThat(descriptor).hasContent("descriptor one");
        assertThat(kept()).isEmpty();
    }

    @Test
    void anUndeploymentThatWasCutOffIsFinishedByTheNextStart() throws Exception {
        PreviousArchives previous = files.previous();
        List<MoveJournal.Move> moves = List.of(
                new MoveJournal.Move(archive, previous.place("shop", "shop.war")),
                new MoveJournal.Move(descriptor, previous.place("shop", "sam%2Fshop.yml")));
        new MoveJournal(base.resolve("work/previous/.moves")).begin(moves);
        Files.move(archive, moves.get(0).to()); // and here it was killed

        assertThat(Deployments.finish(new Directories(base, base))).isTrue();

        assertThat(descriptor).doesNotExist();
        assertThat(Deployments.finish(new Directories(base, base))).isFalse();
        files.restore("shop");
        assertThat(archive).hasContent("archive one");
        assertThat(descriptor).hasContent("descriptor one");
    }

    @Test
    void anUndeploymentThatFailsAtItsFirstFileLeavesBoth() throws Exception {
        MarinaUnderTest.write(base, "work/previous/shop", "a file where a folder must be");
        assertThatThrownBy(() -> files.take("shop", List.of(archive, descriptor)))
                .isInstanceOf(IOException.class);
        assertThat(archive).hasContent("archive one");
        assertThat(descriptor).hasContent("descriptor one");
        assertThat(Deployments.finish(new Directories(base, base))).isFalse();
    }

    @Test
    void aRollbackThatFailsLosesNothingOfWhatIsKept() throws Exception {
        files.take("shop", List.of(archive, descriptor));
        write("two");
        Files.delete(archive);
        Files.createDirectories(archive.resolve("in the way"));

        assertThatThrownBy(() -> files.restore("shop")).isInstanceOf(IOException.class);

        assertThat(kept()).contains("archive one", "descriptor one");
        Files.delete(archive.resolve("in the way"));
        Files.delete(archive);
        files.finish();
        assertThat(archive).hasContent("archive one");
        assertThat(descriptor).hasContent("descriptor one");
        assertThat(drafts()).isEmpty();
    }

    @Test
    void aRollbackThatCannotBeginTouchesNothing() throws Exception {
        files.take("shop", List.of(archive, descriptor));
        Files.delete(base.resolve("conf/contexts/sam"));
        MarinaUnderTest.write(base, "conf/contexts/sam", "a file where a folder must be");
        assertThatThrownBy(() -> files.restore("shop")).isInstanceOf(IOException.class);
        assertThat(archive).doesNotExist();
        assertThat(kept()).containsExactly("archive one", "descriptor one");
        assertThat(drafts()).isEmpty();
    }

    @Test
    void aRollbackThatWasCutOffAfterItsLastStepGoesToTheOneBefore() throws Exception {
        files.take("shop", List.of(archive, descriptor));
        Path again = base.resolve("work/previous/shop/20990101-000000-000_shop.war");
        MarinaUnderTest.write(base, "webapps/shop.war", "archive two");
        Files.copy(archive, again); // kept by a rollback to two, which had no time to let it go

        files.restore("shop");

        assertThat(archive).hasContent("archive one");
    }
}
