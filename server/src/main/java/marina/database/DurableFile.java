package marina.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that are there as a whole or not at all, also after a power cut. Blocks. */
final class DurableFile {
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private DurableFile() {}

    /** An empty file that only its owner may read; one of this name is replaced. */
    static void create(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PRIVATE);
    }

    /** Gives a file owner, group and mode of another one, as far as Marina may do that. */
    static void dressAs(Path model, Path file) throws IOException {
        PosixFileAttributes wanted = Files.readAttributes(model, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        PosixFileAttributes present = view.readAttributes();
        try {
            if (!wanted.group().equals(present.group())) {
                view.setGroup(wanted.group());
            }
            if (!wanted.owner().equals(present.owner())) {
                view.setOwner(wanted.owner());
            }
        } catch (FileSystemException e) {
            return; // only root gives files away; its mode would open it to others than those of the model
        }
        view.setPermissions(wanted.permissions());
    }

    /** Writes a finished file to the disk and gives it its name, in the same folder, in place of what has that name. */
    static void finish(Path temporary, Path file) throws IOException {
        sync(temporary, StandardOpenOption.WRITE);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            sync(folder, StandardOpenOption.READ);
        }
    }

    private static void sync(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    /** Deletes a database file with the journals that may lie beside it. */
    static void deleteDatabase(Path file) throws IOException {
        deleteJournals(file);
        Files.deleteIfExists(file);
    }

    /** Deletes the journals beside a database file. */
    static void deleteJournals(Path file) throws IOException {
        for (String suffix : new String[] {"-wal", "-shm", "-journal"}) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
        }
    }
}
