package marina.backend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private folders in which processes put their Unix sockets: one for each start, never used twice, so that a
 * connection to it can only reach that process. The folder around them belongs to Marina and cannot be listed, so nobody
 * can put something else in the place of one. Thread-safe, without state.
 */
public final class SocketFolders {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFolders.class);

    /** sun_path of sockaddr_un(7), with its zero byte, on the systems that have the least. */
    private static final int LONGEST_PATH = 103;

    private static final String SOCKET = "app.sock";
    private static final int RANDOM_BYTES = 8;
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{" + 2 * RANDOM_BYTES + "}");

    /** Of the folder around: a process of another user must come through. */
    private static final String PASSAGE = "rwx--x--x";

    private static final String PRIVATE = "rwx------";

    private final Path parent;
    private final SecureRandom random = new SecureRandom();

    /**
     * Folders below {@code sockets}, which is made when needed; when its path is too long for a socket, or closed to the
     * user of a process, the temporary directory serves instead.
     *
     * @param run the folder around {@code sockets}
     */
    public SocketFolders(Path run) {
        this.parent = run.toAbsolutePath().resolve("sockets");
    }

    /**
     * Makes a folder.
     *
     * @param user whom it belongs to; empty for Marina's own
     * @throws StartFailedException when it cannot be made
     */
    Path create(String user) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String name = HexFormat.of().formatHex(bytes);
        try {
            Optional<UserPrincipal> owner = user.isEmpty() ? Optional.empty() : Optional.of(principal(user));
            boolean here = fits(parent.resolve(name)) && (owner.isEmpty() || letsOthersThrough());
            Path around = here ? parent : temporary(name);
            Files.createDirectories(around);
            Files.setPosixFilePermissions(around, PosixFilePermissions.fromString(PASSAGE));
            Path folder = Files.createDirectory(
                    around.resolve(name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
            if (owner.isPresent()) {
                Files.setOwner(folder, owner.get());
            }
            return folder;
        } catch (IOException | UnsupportedOperationException e) {
            throw new StartFailedException("cannot make a folder for its socket below " + parent + ": " + e
                    + "; check space and permissions, or use ${port} instead of ${socket}");
        }
    }

    /** The path of the socket in a folder; its process makes it. */
    static Path socketIn(Path folder) {
        return folder.resolve(SOCKET);
    }

    /** Removes a folder with what its process has left there. */
    void remove(Path folder) {
        try {
            empty(folder);
            Files.deleteIfExists(folder);
            Path around = folder.getParent();
            if (around != null && !around.equals(parent)) {
                Files.deleteIfExists(around);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("Cannot remove the folder {} of a socket; remove it by hand: {}", folder, e.toString());
        }
    }

    /** Removes what a Marina that was killed has left; no process that listens there may be left. */
    public void removeLeftovers() {
        if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent)) {
            for (Path folder : folders) {
                if (NAME.matcher(folder.getFileName().toString()).matches()
                        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                    remove(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("Cannot list {}; sockets left behind may not be removed: {}", parent, e.toString());
        }
    }

    /** Not deeper than one level: whoever owns the folder could lead a longer walk out of it by a symbolic link. */
    private static void empty(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Files.delete(entry);
            }
        }
    }

    private UserPrincipal principal(String user) throws IOException {
        try {
            return parent.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("there is no user \"" + user + "\"", e);
        }
    }

    /** Whether a process of another user can come to the folders. The one around them is Marina's to open. */
    private boolean letsOthersThrough() throws IOException {
        Path run = parent.getParent();
        if (run != null) {
            Files.createDirectories(run);
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(run);
            if (mode.add(PosixFilePermission.OTHERS_EXECUTE)) {
                Files.setPosixFilePermissions(run, mode);
            }
        }
        for (Path folder = run; folder != null; folder = folder.getParent()) {
            if (!Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    private Path temporary(String name) throws IOException {
        Path around = Files.createTempDirectory("marina-");
        if (!fits(around.resolve(name))) {
            Files.delete(around);
            throw new IOException("the path of a socket in " + parent + " or in the temporary directory would be longer"
                    + " than " + LONGEST_PATH + " bytes; choose a shorter MARINA_BASE");
        }
        LOG.warn(
                "A socket is put into {}: its path in {} would be too long, or its user could not come there;"
                        + " choose a shorter MARINA_BASE, or let others pass through its folders (chmod o+x)",
                around,
                parent);
        return around;
    }

    private static boolean fits(Path folder) {
        return socketIn(folder).toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH;
    }
}
