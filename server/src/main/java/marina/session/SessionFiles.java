package marina.session;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file for each session, in a folder that only its owner can enter. The names of the files tell no id, and an id from
 * a cookie never becomes a part of a path. Thread-safe.
 */
final class SessionFiles implements SessionShelf {
    private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class);
    private static final String SUFFIX = ".session";
    private static final String UNFINISHED = ".tmp";
    private static final int LONGEST_VERSION = 30;
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path folder;

    /**
     * A shelf.
     *
     * @param folder made when the first session is kept
     */
    SessionFiles(Path folder) {
        this.folder = folder;
    }

    /** A name for the folder of a context: {@code ROOT}, {@code sam#list1}; never the same for two contexts. */
    static String folderName(String contextPath) {
        if (contextPath.equals("/")) {
            return "ROOT";
        }
        StringBuilder name = new StringBuilder();
        for (byte each : contextPath.substring(1).getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (each & 0xff);
            if (letter == '/') {
                name.append('#');
            } else if (letter < 0x80 && (Character.isLetterOrDigit(letter) || "-_.~".indexOf(letter) >= 0)) {
                name.append(letter);
            } else {
                name.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        String text = name.toString();
        if (text.equals("ROOT") || text.startsWith(".")) {
            return "%" + HexFormat.of().toHexDigits((byte) text.charAt(0)) + text.substring(1);
        }
        int most = 150;
        return text.length() <= most ? text : text.substring(0, most) + "%" + digest(contextPath);
    }

    /** A name for the folder of one version of a context: {@code shop##2}; without a version, that of the context. */
    static String folderName(String contextPath, String version) {
        if (version.isEmpty()) {
            return folderName(contextPath);
        }
        boolean plain = version.length() <= LONGEST_VERSION && version.matches("[A-Za-z0-9_.~-]+");
        return folderName(contextPath) + "##" + (plain ? version : "%" + digest(version));
    }

    private static String digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** SHA-256, as text. */
    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public Optional<Kept> read(String id) throws IOException {
        Path file = file(id);
        try {
            // The stamp first: when the file is replaced meanwhile, the record counts as outdated, never as current.
            String stamp = stampOf(file);
            return Optional.of(new Kept(stamp, Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> stamp(String id) throws IOException {
        try {
            return Optional.of(stampOf(file(id)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static String stampOf(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.fileKey() + " " + attributes.lastModifiedTime().toInstant() + " " + attributes.size();
    }

    @Override
    public String write(String id, long expiry, byte[] record) throws IOException {
        Path unfinished = newFile();
        try {
            Files.write(unfinished, record);
            String stamp = stampOf(unfinished);
            Files.move(unfinished, file(id), StandardCopyOption.ATOMIC_MOVE);
            return stamp;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** For the owner alone, which is what createTempFile makes. */
    private Path newFile() throws IOException {
        try {
            return Files.createTempFile(folder, "", UNFINISHED);
        } catch (NoSuchFileException e) {
            createFolder();
            return Files.createTempFile(folder, "", UNFINISHED);
        }
    }

    private void createFolder() throws IOException {
        Path all = folder.getParent();
        if (all == null) {
            throw new IOException(folder + " is no place for sessions");
        }
        Path data = all.getParent();
        if (data != null) {
            Files.createDirectories(data);
        }
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mine = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        Files.createDirectories(all, mine);
        Files.createDirectories(folder, mine);
    }

    @Override
    public boolean delete(String id) throws IOException {
        return Files.deleteIfExists(file(id));
    }

    @Override
    public Set<String> expired(long time) throws IOException {
        Set<String> ids = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                SessionRecord.Head head = head(file);
                if (head.expiry() > 0 && head.expiry() <= time) {
                    ids.add(head.id());
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("No sessions yet: {}", folder);
        }
        return ids;
    }

    @Override
    public boolean lives(String id, long time) {
        return head(file(id)).lives(time);
    }

    @Override
    public long living(long time, long most) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            Iterator<Path> each = files.iterator();
            while (count < most && each.hasNext()) {
                count += head(each.next()).lives(time) ? 1 : 0;
            }
        } catch (NoSuchFileException e) {
            LOG.debug("No sessions yet: {}", folder);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return count;
    }

    /** What cannot be read is dropped when it is asked for, or by {@link #sweep}. */
    private static SessionRecord.Head head(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 512)) {
            return SessionRecord.Head.read(in);
        } catch (IOException e) {
            LOG.debug("Gone or no session: {}", file, e);
            return new SessionRecord.Head("", 0, 0, 0, 0, 0, 0);
        }
    }

    /** Deletes what had ended by a time, what crashed writers have left, and the folder when it is empty then. */
    void sweep(long time) throws IOException {
        for (String id : expired(time)) {
            delete(id);
        }
        long abandoned = System.currentTimeMillis() - ABANDONED.toMillis();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            boolean empty = true;
            for (Path file : files) {
                boolean old = file.toString().endsWith(UNFINISHED)
                        && Files.getLastModifiedTime(file).toMillis() < abandoned;
                empty &= old && Files.deleteIfExists(file);
            }
            if (empty) {
                // Fails when a session has come meanwhile.
                Files.deleteIfExists(folder);
            }
        }
    }

    private Path file(String id) {
        return folder.resolve(digest(id) + SUFFIX);
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
