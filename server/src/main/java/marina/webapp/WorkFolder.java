package marina.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
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
    private final Path scans;
    private final Path temp;
    private final String process;

    WorkFolder(Path work) {
        wars = work.resolve("wars");
        scans = work.resolve("scans");
        temp = work.resolve("temp");
        process = nameOf(ProcessHandle.current());
    }

    /** Where the unpacked archives lie, one folder for each content. */
    Path wars() {
        return wars;
    }

    /** Where it is kept what has been found in the classes of an unpacked archive, as long as that lies there. */
    Path scanOf(Path folder) {
        return scans.resolve(String.valueOf(folder.getFileName()));
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
        for (Path folder : list(temp)) {
            if (!isAlive(String.valueOf(folder.getFileName()))) {
                delete(folder);
            }
        }
    }

    /** Says to other processes that this one needs an unpacked archive. */
    void mark(Path folder) {
        try {
            Files.createDirectories(temp.resolve(process));
            Files.write(temp.resolve(process).resolve(markOf(folder)), new byte[0]);
            Files.setLastModifiedTime(folder, FileTime.from(Instant.now()));
        } catch (NoSuchFileException e) {
            LOG.debug("Not unpacked yet: {}", folder);
        } catch (IOException e) {
            LOG.warn("Cannot mark {} as used: {}", folder, e.toString());
        }
    }

    /** Takes the mark back. */
    void unmark(Path folder) {
        try {
            Files.deleteIfExists(temp.resolve(process).resolve(markOf(folder)));
        } catch (IOException e) {
            LOG.warn("Cannot take back the mark on {}: {}", folder, e.toString());
        }
    }

    /** Deletes the unpacked archives that no process uses and that nobody has used since then. */
    void prune(Instant since) {
        for (Path folder : list(wars)) {
            try {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(since)) {
                    remove(folder, () -> false);
                }
            } catch (IOException e) {
                LOG.debug("Already gone: {}", folder);
            }
        }
        list(scans).forEach(scan -> removeScan(wars.resolve(scan.getFileName())));
    }

    private void removeScan(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.deleteIfExists(scanOf(folder));
            }
        } catch (IOException e) {
            LOG.warn("Cannot delete {}: {}", scanOf(folder), e.toString());
        }
    }

    /**
     * Deletes an unpacked archive, unless a process uses it.
     *
     * @param used whether somebody in this process has begun to use it meanwhile
     */
    void remove(Path folder, BooleanSupplier used) {
        if (isMarked(folder)) {
            return;
        }
        try {
            Path fresh = newTemp("removed");
            try {
                Path aside = fresh.resolve("files");
                Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
                if (used.getAsBoolean() || isMarked(folder)) {
                    restore(aside, folder);
                }
            } finally {
                delete(fresh);
            }
            removeScan(folder);
        } catch (IOException e) {
            LOG.debug("Not removed: {}", folder, e);
        }
    }

    private static void restore(Path aside, Path folder) {
        try {
            Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.debug("Unpacked again meanwhile: {}", folder, e);
        }
    }

    private boolean isMarked(Path folder) {
        return list(temp).stream()
                .filter(each -> isAlive(String.valueOf(each.getFileName())))
                .anyMatch(each -> Files.exists(each.resolve(markOf(folder))));
    }

    private static String markOf(Path folder) {
        return folder.getFileName() + ".used";
    }

    private static List<Path> list(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            children.forEach(files::add);
        } catch (NoSuchFileException e) {
            LOG.debug("Not there yet: {}", folder);
        } catch (IOException e) {
            LOG.warn("Cannot list {}: {}", folder, e.toString());
        }
        return files;
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
