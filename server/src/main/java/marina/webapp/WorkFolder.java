package marina.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instance's work folder. Several processes share it (Marina and the JVMs of isolated WARs), so temporary files lie
 * below a folder named for their process, and only those of processes that are gone are swept away. Thread-safe.
 */
final class WorkFolder {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);

    private final Path wars;
    private final Path temp;
    private final String process;

    WorkFolder(Path work) {
        wars = work.resolve("wars");
        temp = work.resolve("temp");
        process = nameOf(ProcessHandle.current());
    }

    /** Where the unpacked archives lie, one folder for each content. */
    Path wars() {
        return wars;
    }

    /** A new empty folder, for the owner's eyes only, that is swept when this process is gone. */
    Path newTemp(String name) throws IOException {
        Path mine = Files.createDirectories(temp.resolve(process));
        if (mine.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            return Files.createTempDirectory(mine, name + "-", permissions);
        }
        return Files.createTempDirectory(mine, name + "-");
    }

    /** Deletes what processes that are gone have left behind. */
    void sweep() {
        if (!Files.isDirectory(temp)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(temp)) {
            for (Path folder : folders) {
                if (!isAlive(String.valueOf(folder.getFileName()))) {
                    delete(folder);
                }
            }
        } catch (IOException e) {
            LOG.warn("Cannot sweep {}: {}", temp, e.toString());
        }
    }

    private static boolean isAlive(String name) {
        int dash = name.indexOf('-');
        try {
            return dash > 0
                    && ProcessHandle.of(Long.parseLong(name.substring(0, dash)))
                            .map(WorkFolder::nameOf)
                            .filter(name::equals)
                            .isPresent();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The pid alone does not tell: in a container the same one comes back after each start. */
    private static String nameOf(ProcessHandle handle) {
        long started = handle.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
        return handle.pid() + "-" + started;
    }

    /** Deletes a folder with all that is in it; what cannot be deleted is reported and left for the next sweep. */
    static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new Deletion());
        } catch (NoSuchFileException e) {
            LOG.debug("Already gone: {}", folder);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Cannot delete {}: {}", folder, e.toString());
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
