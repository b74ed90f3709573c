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
import java.util.Collection;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import marina.config.Content;
import marina.config.FileStamp;

/**
 * Unpacks each archive once per content, so that a hundred mounts of one WAR share its files and a replaced WAR is never
 * mixed up with its predecessor. Thread-safe, also against other processes with the same work folder.
 */
final class WarStore {
    private final WorkFolder work;
    private final Map<Version, Path> known = new ConcurrentHashMap<>();
    private final Map<Path, Integer> users = new ConcurrentHashMap<>();
    private volatile Set<Version> kept = Set.of();

    private record Version(Path archive, FileStamp stamp) {}

    WarStore(WorkFolder work) {
        this.work = work;
    }

    /**
     * The WAR's files: an exploded WAR itself, or what has been unpacked. To be closed when they are not needed any more.
     *
     * @param stamp which content is asked for: as long as it is kept it is found again, even when the archive is
     *     damaged, replaced or gone by now. What has never been unpacked is what lies there
     * @throws WarFailedException when it is no archive, or one that reaches outside its folder
     */
    WarFiles use(Path archive, FileStamp stamp) throws WarFailedException {
        try {
            if (Files.isDirectory(archive)) {
                // Where a link leads now: a release that is exchanged by exchanging the link keeps its own files.
                return new WarFiles(archive, archive.toRealPath(), Optional.empty(), () -> {});
            }
            Path folder = known.get(new Version(archive, stamp));
            return folder != null && Files.isDirectory(folder) ? use(archive, folder) : unpacked(archive);
        } catch (NoSuchFileException e) {
            throw new WarFailedException(archive + " does not exist", e);
        } catch (ZipException e) {
            throw new WarFailedException(archive + " is not a readable archive: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new WarFailedException(archive + " cannot be unpacked below " + work.wars() + ": " + e, e);
        }
    }

    /** From now on, what is unpacked for these contents is kept; what is left of others goes. */
    void keep(Collection<Content.War> contents) {
        kept = contents.stream()
                .map(war -> new Version(war.archive(), war.stamp()))
                .collect(Collectors.toUnmodifiableSet());
        Set.copyOf(known.values()).forEach(this::removeUnused);
    }

    private WarFiles unpacked(Path archive) throws IOException {
        Version version = new Version(archive, FileStamp.of(archive));
        Path folder = known.get(version);
        WarFiles files = use(archive, folder == null ? work.wars().resolve(sha256(archive)) : folder);
        if (!FileStamp.of(archive).equals(version.stamp())) {
            files.close();
            throw new ZipException("it is just being replaced");
        }
        known.put(version, files.folder());
        return files;
    }

    private WarFiles use(Path archive, Path folder) throws IOException {
        users.merge(folder, 1, Integer::sum);
        WarFiles files = new WarFiles(archive, folder, Optional.of(work.scanOf(folder)), () -> release(folder));
        try {
            work.mark(folder);
            if (!Files.isDirectory(folder)) {
                unpack(archive, folder);
            }
            return files;
        } catch (IOException e) {
            files.close();
            throw e;
        }
    }

    /** The last user of an archive that has been replaced takes its files away. */
    private void release(Path folder) {
        Integer left = users.computeIfPresent(folder, (key, count) -> count == 1 ? null : count - 1);
        if (left != null) {
            return;
        }
        work.unmark(folder);
        if (users.containsKey(folder)) {
            work.mark(folder); // used again meanwhile
            return;
        }
        removeUnused(folder);
    }

    private void removeUnused(Path folder) {
        known.entrySet()
                .removeIf(entry -> entry.getValue().equals(folder)
                        && !kept.contains(entry.getKey())
                        && !isCurrent(entry.getKey()));
        if (!users.containsKey(folder) && !known.containsValue(folder)) {
            work.remove(folder, () -> users.containsKey(folder));
        }
    }

    private static boolean isCurrent(Version version) {
        return FileStamp.of(version.archive()).equals(version.stamp());
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
        CRC32 sum = new CRC32();
        try (InputStream content = new CheckedInputStream(zip.getInputStream(entry), sum)) {
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
        if (entry.getCrc() >= 0 && entry.getCrc() != sum.getValue()) {
            throw new ZipException("the entry \"" + entry.getName() + "\" is damaged");
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
