package marina.login;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import marina.config.Secret;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What cookies are signed with: the operator's secret, or a random key that the instance makes and keeps in a file of its own,
 * so that logins survive a restart. Thread-safe.
 */
public final class SessionKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SessionKeys.class);

    private static final int KEY_BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;
    private final Use use;
    private byte @Nullable [] own; // guarded by this

    /** Keys of an instance; the file is made when it is first needed. */
    public SessionKeys(Path file) {
        this(file, new Use("logins", "end with a restart", "auth.form.secret"));
    }

    /** Keys of an instance for another use. */
    public SessionKeys(Path file, Use use) {
        this.file = file;
        this.use = use;
    }

    /**
     * What a key is for, for messages.
     *
     * @param what logins
     * @param loss what becomes of them when the key is lost
     * @param setting the key of the configuration that takes its place
     */
    public record Use(String what, String loss, String setting) {}

    /** The secret, or the key of the instance when there is none. */
    public byte[] of(Secret secret) {
        return secret.isPresent() ? secret.value().getBytes(StandardCharsets.UTF_8) : own();
    }

    private synchronized byte[] own() {
        byte[] key = own;
        if (key == null) {
            key = load();
            own = key;
        }
        return key;
    }

    private byte[] load() {
        try {
            if (!Files.exists(file)) {
                make();
            }
            byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
            if (key.length >= KEY_BYTES) {
                closeToOthers();
                return key;
            }
            LOG.error(
                    "{} is too short for a key; delete it, and a new one is made. Until then {} {}",
                    file,
                    use.what,
                    use.loss);
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            LOG.error(
                    "The key of the {} in {} can be neither read nor made ({}); write {}, or make the file writable."
                            + " Until then {} {}",
                    use.what,
                    file,
                    e.toString(),
                    use.setting,
                    use.what,
                    use.loss);
        }
        return random();
    }

    /** Complete or not there at all, and open to nobody else at any time. */
    private void make() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path made = Files.createTempFile(
                folder, file.getFileName() + ".", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            try (FileChannel out = FileChannel.open(made, StandardOpenOption.WRITE)) {
                String text = Base64.getEncoder().encodeToString(random()) + "\n";
                out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
                out.force(true);
            }
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            LOG.info("A new key for {} has been written to {}", use.what, file);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    /** A copy from a backup may be open to all. */
    private void closeToOthers() throws IOException {
        if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            LOG.warn(
                    "{} could be read by others, who could have forged {}; it is for its owner alone now",
                    file,
                    use.what);
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        }
    }

    private static byte[] random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }
}
