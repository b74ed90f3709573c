package marina.webapp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import marina.config.FileStamp;

/**
 * Unpacks each archive once per content, so that a hundred mounts of one WAR share its files and a replaced WAR is never
 * mixed up with its predecessor. Thread-safe, also against other processes with the same work folder.
 */
final class WarStore {
    private final WorkFolder work;
    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    private record Known(FileStamp stamp, Path folder) {}

    WarStore(WorkFolder work) {
        this.work = work;
    }

    /**
     * The folder with the WAR's files: an exploded WAR itself, or where the archive has been unpacked.
     *
     * @throws WarFailedException when it is no archive, or one that reaches outside its folder
     */
    Path folderOf(Path archive) throws WarFailedException {
        if (Files.isDirectory(archive)) {
            return archive;
        }
        try {
            FileStamp stamp = new FileStamp(
                    Files.size(archive), Files.getLastModifiedTime(archive).toMillis());
            Known earlier = known.get(archive);
            if (earlier != null && earlier.stamp().equals(stamp) && Files.isDirectory(earlier.folder())) {
                return earlier.folder();
            }
            Path folder = work.wars().resolve(sha256(archive));
            if (!Files.isDirectory(folder)) {
                unpack(archive, folder);
            }
            known.put(archive, new Known(stamp, folder));
            return folder;
        } catch (NoSuchFileException e) {
            throw new WarFailedException(archive + " does not exist", e);
        } catch (ZipException e) {
            throw new WarFailedException(archive + " is not a readable archive: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new WarFailedException(archive + " cannot be unpacked below " + work.wars() + ": " + e, e);
        }
    }

    private void unpack(Path archive, Path folder) throws IOException {
        Path fresh = work.newTemp("unpack");
        try {
            extract(archive, fresh);
            Files.createDirectories(work.wars());
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another thread or process may have been faster, with the same content.
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        } finally {
            WorkFolder.delete(fresh);
        }
    }

    private static void extract(Path archive, Path target) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new ZipException(
                            "the entry \"" + entry.getName() + "\" would be unpacked outside its folder");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    write(zip, entry, file);
                }
            }
        }
    }

    private static void write(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (InputStream content = zip.getInputStream(entry)) {
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
        if (entry.getLastModifiedTime() != null) {
            Files.setLastModifiedTime(file, entry.getLastModifiedTime());
        }
    }

    private static String sha256(Path archive) throws IOException {
        try (DigestInputStream content =
                new DigestInputStream(Files.newInputStream(archive), MessageDigest.getInstance("SHA-256"))) {
            content.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(content.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
