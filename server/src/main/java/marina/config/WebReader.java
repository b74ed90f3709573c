package marina.config;

import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what a WAR is told besides its own web.xml. */
final class WebReader {
    private final AccessConfig serverAccess;
    private final UsersConfig defaultUsers;

    /**
     * A reader for all contexts of a server.
     *
     * @param serverAccess whose users are those of a WAR that has none of its own
     */
    WebReader(Reading reading, AccessConfig serverAccess) {
        this.serverAccess = serverAccess;
        Path file = reading.directories().conf().resolve(UsersFile.DEFAULT);
        defaultUsers = Files.isRegularFile(file) ? UsersConfig.of(file) : UsersConfig.NONE;
        if (!defaultUsers.isEmpty()) {
            UsersFile.read(file, reading);
        }
    }

    /**
     * Reads those of a context.
     *
     * @param access of the context
     */
    WebConfig read(Section s, AccessConfig access) {
        return new WebConfig(users(access));
    }

    /** Those of the context's own rules, else of the server's, else of conf/users.yml. */
    private UsersConfig users(AccessConfig access) {
        UsersConfig own = access.auth().users();
        UsersConfig above = own.isEmpty() ? serverAccess.auth().users() : own;
        return above.isEmpty() ? defaultUsers : above;
    }
}
