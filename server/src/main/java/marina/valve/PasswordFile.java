package marina.valve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The users of an htpasswd file, as it was read: lines of {@code name:hash}, with blank lines and comments. Immutable.
 *
 * @param users by name
 * @param problems one for each line that lets nobody in, with its number and without its text
 */
record PasswordFile(Map<String, PasswordHash> users, List<String> problems) {

    /** Nobody. */
    static final PasswordFile EMPTY = new PasswordFile(Map.of(), List.of());

    /** Copies its collections. */
    PasswordFile {
        users = Map.copyOf(users);
        problems = List.copyOf(problems);
    }

    static PasswordFile read(Path file) throws IOException {
        Map<String, PasswordHash> users = new HashMap<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        // A stray byte of another encoding must not keep everybody else out.
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
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
                problems.add(file + ":" + number + ": is not of the form name:hash; write it with htpasswd -B");
                continue;
            }
            PasswordHash.parse(hash)
                    .ifPresentOrElse(
                            parsed -> users.put(name, parsed),
                            () -> problems.add(file + ": user " + name
                                    + " has no hash of bcrypt, SHA-crypt, apr1 or {SHA}; write it with htpasswd -B"));
        }
        return new PasswordFile(users, problems);
    }
}
