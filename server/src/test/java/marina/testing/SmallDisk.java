package marina.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk that is soon full, in the place of a folder; tests that may not mount one are left out. */
public final class SmallDisk implements AutoCloseable {
    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes one.
     *
     * @param size as mount(8) has it for tmpfs
     */
    public static SmallDisk at(Path folder, String size) throws IOException {
        Files.createDirectories(folder);
        assumeTrue(
                done("mount", "-t", "tmpfs", "-o", "size=" + size, "marina-test", folder.toString()), "may not mount");
        return new SmallDisk(folder);
    }

    /** Where it is mounted. */
    public Path folder() {
        return folder;
    }

    /** Gives it another size. */
    public void resize(String size) throws IOException {
        assertThat(done("mount", "-o", "remount,size=" + size, folder.toString()))
                .isTrue();
    }

    /** Nobody may use it any more. */
    @Override
    public void close() throws IOException {
        assertThat(done("umount", folder.toString())).isTrue();
    }

    private static boolean done(String... command) throws IOException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .onExit()
                        .join()
                        .exitValue()
                == 0;
    }
}
