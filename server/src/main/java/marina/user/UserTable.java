package marina.user;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import marina.config.Directories;
import marina.config.UsersConfig;
import marina.config.UsersFile;

/**
 * The users of some files, as they were read: of an htpasswd file with lines of {@code name:hash}, blank lines and comments,
 * with its groups; or of a file in YAML. Immutable.
 *
 * @param users those with a password, by name
 * @param roles by name, also of users without a password
 * @param problems one for each line that is of no use, with its number and without its text
 * @param broken whether the file as a whole must not be used
 */
record UserTable(
        Map<String, PasswordHash> users, Map<String, Set<String>> roles, List<String> problems, boolean broken) {

    /** Nobody. */
    static final UserTable EMPTY = new UserTable(Map.of(), Map.of(), List.of(), false);

    /** Copies its collections. */
    UserTable {
        users = Map.copyOf(users);
        roles = Map.copyOf(roles);
        problems = List.copyOf(problems);
    }

    /** What a user is recognised by; another one when the password has changed. Empty for who has no password. */
    Optional<String> mark(String user) {
        return Optional.ofNullable(users.get(user)).map(PasswordHash::mark);
    }

    static UserTable read(UsersConfig source, Directories directories) throws IOException {
        return source.passwords().equals(source.yaml())
                ? ofYaml(source.yaml(), directories)
                : ofHtpasswd(source, directories);
    }

    private static UserTable ofYaml(Path file, Directories directories) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("the file is missing, or not open to this process");
        }
        UsersFile.Read read = UsersFile.read(file, directories);
        Map<String, PasswordHash> users = new HashMap<>();
        Map<String, Set<String>> roles = new HashMap<>();
        read.users().forEach((name, user) -> {
            PasswordHash.parse(user.password().value()).ifPresent(hash -> users.put(name, hash));
            roles.put(name, user.roles());
        });
        List<String> problems = read.problems().stream().map(String::valueOf).toList();
        return new UserTable(users, roles, problems, !problems.isEmpty());
    }

    private static UserTable ofHtpasswd(UsersConfig source, Directories directories) throws IOException {
        Path file = source.htpasswd();
        String shown = directories.display(file);
        Map<String, PasswordHash> users = new HashMap<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        // A stray byte of another encoding must not keep everybody else out.
        // Nor may the mark that some editors of Windows put before the first name.
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .replaceFirst("^\\uFEFF", "")
                .lines()
                .toList()) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            int colon = text.indexOf(':');
            String name = colon < 0 ? "" : text.substring(0, colon).strip();
            // Tools append further fields behind the hash.
            String hash = text.substring(colon + 1).split(":", 2)[0].strip();
            if (name.isEmpty()) {
                problems.add(shown + ":" + number + ": is not of the form name:hash; write it with htpasswd -B");
                continue;
            }
            PasswordHash.parse(hash)
                    .ifPresentOrElse(
                            parsed -> users.put(name, parsed),
                            () -> problems.add(shown + ": user " + name
                                    + " has no hash of bcrypt, SHA-crypt, apr1 or {SHA}; write it with htpasswd -B"));
        }
        Map<String, Set<String>> roles = source.hasGroups() ? UsersFile.groups(source.groups()) : Map.of();
        return new UserTable(users, roles, problems, false);
    }
}
