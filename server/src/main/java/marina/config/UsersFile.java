package marina.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads files of users with their roles: {@code conf/users.yml}, and Apache's {@code groups}. Nothing is remembered. */
public final class UsersFile {
    /** In {@code conf}; the users of WARs where nothing else is said. */
    static final String DEFAULT = "users.yml";

    private UsersFile() {}

    /**
     * One user.
     *
     * @param password its hash; none for somebody whom others verify, such as a provider of OpenID Connect
     * @param roles what the user may do
     */
    public record User(Secret password, Set<String> roles) {
        /** Copies its set. */
        public User {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * What a file holds.
     *
     * @param users by name
     * @param problems if there are any, the file should not be used
     */
    public record Read(Map<String, User> users, List<ConfigProblem> problems) {
        /** Copies its collections. */
        public Read {
            users = Map.copyOf(users);
            problems = List.copyOf(problems);
        }
    }

    /** Reads a file in YAML as it is now. */
    public static Read read(Path file, Directories directories) {
        Reading reading = new Reading(directories, Accounts.ofThisMachine(Map.of()));
        Map<String, User> users = read(file, reading);
        return new Read(users, reading.problems());
    }

    /**
     * Reads Apache's form: the names of users behind a role.
     *
     * @return the roles by user; lines that are not of that form are left out
     * @throws IOException when the file cannot be read
     */
    public static Map<String, Set<String>> groups(Path file) throws IOException {
        Map<String, Set<String>> roles = new TreeMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || line.strip().startsWith("#")) {
                continue;
            }
            String role = line.substring(0, colon).strip();
            for (String user : line.substring(colon + 1).strip().split("\\s+", -1)) {
                if (!user.isEmpty()) {
                    roles.computeIfAbsent(user, name -> new LinkedHashSet<>()).add(role);
                }
            }
        }
        return roles;
    }

    /** Reports every line of a groups file that is of another form. */
    static void checkGroups(Path file, Reading reading) {
        reading.outside().somethingElse();
        String name = reading.directories().display(file);
        try {
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                String text = line.strip();
                boolean meant = !text.isEmpty() && !text.startsWith("#");
                if (meant && text.indexOf(':') <= 0) {
                    reading.problem(
                            new SourceLocation(name, number, 1),
                            "",
                            "is not of the form role: name name, as Apache's are");
                }
            }
        } catch (MalformedInputException e) {
            reading.problem(SourceLocation.of(name), "", "is not UTF-8 text; save the file as UTF-8");
        } catch (IOException e) {
            reading.problem(SourceLocation.of(name), "", "cannot be read: " + e);
        }
    }

    static Map<String, User> read(Path file, Reading reading) {
        // No names are filled in: a file of users is read by other processes, too, which have another environment.
        Scope scope = Scope.ofServer(reading.directories(), Map.of());
        Optional<Value.Mapping> written = YamlFile.look(file, reading);
        if (written.isEmpty()) {
            return Map.of();
        }
        return Section.read(written.get(), scope, reading, section -> {
            Map<String, User> users = new LinkedHashMap<>();
            section.entries("users").forEach((name, entry) -> checkName(name, entry.location(), section));
            users.putAll(section.named("users", (name, user) -> Optional.of(user(user))));
            return users;
        });
    }

    private static void checkName(String name, SourceLocation location, Section section) {
        if (name.isBlank() || !name.equals(name.strip()) || name.chars().anyMatch(c -> c == ':' || c < ' ')) {
            section.reading()
                    .problem(
                            location,
                            "users",
                            Secrets.quote(name) + " is no name of a user; it has no colon and no blanks around it");
        }
    }

    private static User user(Section section) {
        return new User(
                section.value("password", UsersFile::hash).map(Secret::new).orElse(Secret.NONE),
                Set.copyOf(section.list("roles", UsersFile::role)));
    }

    private static String hash(String text) {
        if (PasswordForm.of(text).isEmpty()) {
            throw BadText.of("is no hash of a password, and plain text is not accepted; write what marina.sh htpasswd"
                    + " prints behind the colon, in quotes");
        }
        return text;
    }

    private static String role(String text) {
        if (text.isBlank() || text.equals("*") || text.equals("**")) {
            throw BadText.of("is no role; write its name as the application does, e.g. manager");
        }
        return text;
    }
}
