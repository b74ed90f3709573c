package marina.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/** Files that are there after a crash as they were before it, and that only their owner may read. Thread-safe. */
public final class DurableFiles {
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private DurableFiles() {}

    static void privateFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (POSIX) {
            Files.setPosixFilePermissions(folder, FOLDER);
        }
    }

    static void writeText(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file for its owner alone, on the disk when this returns. */
    static void write(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = POSIX
                ? FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(FILE))
                : FileChannel.open(file, options)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
    }

    /** Another name for a file that is never written again; false where it cannot have one, or has another size by now. */
    static boolean link(Path name, Path file, long size) {
        try {
            boolean whole = Files.size(file) == size;
            if (whole) {
                Files.createLink(name, file);
            }
            return whole;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** In the place of what is there: whoever looks sees the one or the other. Goes through symbolic links, and keeps the mode. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path real = Files.exists(file) ? file.toRealPath() : file;
        Files.createDirectories(real.toAbsolutePath().getParent());
        Path draft = real.resolveSibling("." + real.getFileName() + ".new");
        write(draft, content);
        try {
            if (POSIX && Files.exists(real)) {
                Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(real));
            }
            move(draft, real);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
    }

    /** A file in the place of what is there; a folder where nothing is. Of folders, it fails between file systems. */
    public static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
        syncFolder(to.toAbsolutePath().getParent());
    }

    static void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
        syncFolder(file.toAbsolutePath().getParent());
    }

    /** A folder of files, if it is there. */
    static void removeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static void syncFolder(@org.jspecify.annotations.Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Not every system opens folders; then the file system decides when.
        }
    }
}
