package marina.acme;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import marina.config.AcmeConfig;
import marina.tls.PemException;
import marina.tls.PemFile;
import marina.tls.PemWriter;
import marina.tls.ServerCertificate;
import marina.tls.X509Writer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of data/acme: for each authority a folder with the key of the account and the certificates, each in one file with
 * its key, so that the two belong together at any moment. Files are replaced as a whole, and only Marina's user can read them.
 * Used by one thread at a time.
 */
final class CertificateStore {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateStore.class);
    private static final int HASH_CHARACTERS = 8;
    private static final String PAUSE = ".pause";
    private static final String OWNER_ONLY_FOLDER = "rwx------";
    private static final String OWNER_ONLY_FILE = "rw-------";

    private final Path folder;

    CertificateStore(Path folder) {
        this.folder = folder;
    }

    /**
     * A certificate and when it was written.
     *
     * @param certificate with its key
     * @param since the time of its file
     */
    record Stored(ServerCertificate certificate, Instant since) {}

    /** The one for exactly these names, also when it has expired. */
    Optional<Stored> certificate(AcmeConfig config) {
        Path file = file(config);
        return Files.exists(file) ? read(file) : Optional.empty();
    }

    /** The one that is still valid and serves the most of these names: better than none while a new one is on its way. */
    Optional<Stored> closest(AcmeConfig config, Instant now) {
        Path authority = authority(config.directory());
        if (!Files.isDirectory(authority)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(authority, "*.pem")) {
            return StreamSupport.stream(files.spliterator(), false)
                    .sorted()
                    .flatMap(file -> read(file).stream())
                    .filter(one -> now.isBefore(one.certificate().notAfter()) && common(one, config) > 0)
                    .max(Comparator.comparingLong(one -> common(one, config)));
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", authority, e.toString());
            return Optional.empty();
        }
    }

    /** Writes it in place of the one before. */
    void keep(AcmeConfig config, ServerCertificate certificate) throws IOException, GeneralSecurityException {
        replace(file(config), PemWriter.pair(certificate));
        Files.deleteIfExists(beside(config, PAUSE));
    }

    /**
     * A pause that an authority has asked for: starts that follow each other quickly must not forget it.
     *
     * @param until its end
     * @param problem what the authority said
     */
    record AskedPause(Instant until, String problem) {}

    /** The pause that was asked for last, empty when there was none. */
    Optional<AskedPause> pause(AcmeConfig config) {
        Path file = beside(config, PAUSE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String[] lines = Files.readString(file).split("\n", 2);
            return Optional.of(new AskedPause(Instant.parse(lines[0]), lines.length > 1 ? lines[1].strip() : ""));
        } catch (IOException | DateTimeParseException e) {
            LOG.debug("{} is left out: {}", file, e.toString());
            return Optional.empty();
        }
    }

    void keepPause(AcmeConfig config, AskedPause pause) {
        try {
            replace(beside(config, PAUSE), pause.until() + "\n" + pause.problem() + "\n");
        } catch (IOException e) {
            LOG.warn("The pause that the authority asks for would be forgotten by a restart: {}", e.toString());
        }
    }

    /** Fails where a certificate could not be written: better before it is ordered than after. */
    void tryOut(AcmeConfig config) throws IOException {
        Path trial = beside(config, ".trial");
        try {
            replace(trial, "#".repeat(16 * 1024) + "\n");
        } finally {
            Files.deleteIfExists(trial);
        }
    }

    /**
     * The key of the account at an authority; a new one when there is none.
     *
     * @throws IOException when it can be neither read nor written
     */
    KeyPair account(URI directory) throws IOException, GeneralSecurityException {
        Path file = authority(directory).resolve("account.key");
        if (Files.exists(file)) {
            try {
                return PemFile.keyPair(file);
            } catch (PemException e) {
                throw new IOException(
                        file + " " + e.reason() + "; restore it, or delete it, and Marina makes a new account", e);
            }
        }
        KeyPair key = X509Writer.newKey();
        replace(file, PemWriter.keyPair(key));
        return key;
    }

    private Path authority(URI directory) {
        String name = directory.getAuthority() + directory.getPath();
        return folder.resolve(name.replaceAll("[^A-Za-z0-9.-]+", "-").replaceAll("^[.-]+|-+$", ""));
    }

    private Path file(AcmeConfig config) {
        TreeSet<String> names = new TreeSet<>(config.domains()); // in whatever order they are written
        return authority(config.directory()).resolve(names.first() + "-" + hash(String.join(" ", names)) + ".pem");
    }

    private Path beside(AcmeConfig config, String ending) {
        Path file = file(config);
        return file.resolveSibling(file.getFileName() + ending);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static Optional<Stored> read(Path file) {
        try {
            ServerCertificate certificate = ServerCertificate.read(file, file);
            return Optional.of(
                    new Stored(certificate, Files.getLastModifiedTime(file).toInstant()));
        } catch (PemException e) {
            LOG.warn("{} {}; it is left alone, and a new certificate is ordered", file, e.reason());
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", file, e.toString());
        }
        return Optional.empty();
    }

    private static long common(Stored one, AcmeConfig config) {
        List<String> names = one.certificate().names();
        return config.domains().stream().filter(names::contains).count();
    }

    /** Written beside, brought to the disk, and put in its place at once. */
    private void replace(Path file, String text) throws IOException {
        Path parent = Objects.requireNonNull(file.getParent()); // the folder of the authority
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        makeFolder(folder);
        makeFolder(parent);
        Files.deleteIfExists(whole);
        try (FileChannel channel = FileChannel.open(
                whole, EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), mode(OWNER_ONLY_FILE))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(whole);
            throw e;
        }
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entries = FileChannel.open(parent, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private static void makeFolder(Path made) throws IOException {
        Files.createDirectories(made, mode(OWNER_ONLY_FOLDER));
        if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(made, LinkOption.NOFOLLOW_LINKS))
                .equals(OWNER_ONLY_FOLDER)) {
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(OWNER_ONLY_FOLDER));
        }
    }

    private static FileAttribute<?> mode(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }
}
