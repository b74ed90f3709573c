package marina.config;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The users and groups of this machine: those of passwd(5) and group(5), then those that only the system's name services
 * know (LDAP, systemd), which {@code getent} tells. Remembers what it found, so one is made for each load. Not thread-safe.
 */
final class Accounts {
    private static final int UID = 2;
    private static final int GID = 3;
    private static final int HOME = 5;
    private static final int GROUP_GID = 2;

    /** Behind the name of the field and the real number. */
    private static final int EFFECTIVE = 2;

    private final Path etc;
    private final Self self;
    private final NameService nameService;
    private final Map<String, Optional<List<String>>> found = new HashMap<>();

    /**
     * Accounts of any machine.
     *
     * @param etc the folder of passwd and group
     * @param self Marina's own account
     * @param nameService asked for what the files do not hold
     */
    Accounts(Path etc, Self self, NameService nameService) {
        this.etc = etc;
        this.self = self;
        this.nameService = nameService;
    }

    /** Those of the machine that this runs on. */
    static Accounts ofThisMachine(Map<String, String> environment) {
        UnixSystem system = new UnixSystem();
        return new Accounts(
                Path.of("/etc"),
                new Self(
                        ownNumber("Uid:").orElseGet(system::getUid),
                        ownNumber("Gid:").orElseGet(system::getGid),
                        environment.getOrDefault("PATH", "")),
                new Getent());
    }

    /** The effective number of this process, proc(5). The JDK takes every user without an account for root. */
    private static Optional<Long> ownNumber(String field) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(field))
                    .map(line -> line.split("\\s+", -1))
                    .filter(columns -> columns.length > EFFECTIVE)
                    .map(columns -> number(columns[EFFECTIVE]))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // no such system
        }
    }

    /** Marina's own account. */
    Self self() {
        return self;
    }

    /** A user by name or number; empty when there is none of this name. A number needs no account. */
    Optional<RunAs> user(String text) {
        Optional<RunAs> listed = entry("passwd", text, UID)
                .filter(fields -> fields.size() > HOME)
                .map(fields -> new RunAs(
                        fields.get(0), number(fields.get(UID)), number(fields.get(GID)), fields.get(HOME), true));
        return listed.isPresent() || !isNumber(text)
                ? listed
                : Optional.of(new RunAs(text, number(text), self.gid(), "/", false));
    }

    /** The number of a group that is given by name or number; empty when there is none of this name. */
    Optional<Long> group(String text) {
        Optional<Long> listed = entry("group", text, GROUP_GID).map(fields -> number(fields.get(GROUP_GID)));
        return listed.isPresent() || !isNumber(text) ? listed : Optional.of(number(text));
    }

    private Optional<List<String>> entry(String database, String key, int numberField) {
        return found.computeIfAbsent(database + ":" + key, unused -> search(database, key, numberField));
    }

    private Optional<List<String>> search(String database, String key, int numberField) {
        int field = isNumber(key) ? numberField : 0;
        Optional<List<String>> inFile = Optional.empty();
        try (Stream<String> lines = Files.lines(etc.resolve(database), StandardCharsets.ISO_8859_1)) {
            inFile = lines.map(Accounts::fields)
                    .filter(fields ->
                            fields.size() > numberField && fields.get(field).equals(key))
                    .filter(fields -> isNumber(fields.get(numberField)))
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            // then the name services know, or nobody
        }
        return inFile.or(() -> nameService
                .line(database, key)
                .map(Accounts::fields)
                .filter(fields -> fields.size() > numberField && isNumber(fields.get(numberField))));
    }

    private static List<String> fields(String line) {
        return List.of(line.split(":", -1));
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,10}");
    }

    private static long number(String text) {
        return isNumber(text) ? Long.parseLong(text) : 0;
    }

    /**
     * Who Marina is.
     *
     * @param uid 0 for root
     * @param path where its programs are
     */
    record Self(long uid, long gid, String path) {
        /** Whether it may become another user. */
        boolean isRoot() {
            return uid == 0;
        }

        /** A program in the path; empty when there is none. */
        Optional<Path> program(String name) {
            return Stream.of(path.split(":", -1))
                    .filter(folder -> folder.startsWith("/"))
                    .map(folder -> Path.of(folder, name))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }

    /** Knows users and groups that stand in no file. */
    interface NameService {
        /** The line of a user (database {@code passwd}) or group ({@code group}) by name or number. */
        Optional<String> line(String database, String key);
    }
}
