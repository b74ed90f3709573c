package marina.config;

import java.util.List;

/**
 * Who must show a password, and how.
 *
 * @param enabled whether a password is asked for
 * @param realm shown by browsers
 * @param users files with users and their hashed passwords, watched; none where only a provider knows the users
 * @param realms other realms for some paths, the first that fits; what is of one needs a password whatever else is public
 * @param publicPaths what needs no password
 * @param login how users log in when it is not by Basic authentication alone
 */
public record AuthConfig(
        boolean enabled,
        String realm,
        UsersConfig users,
        List<RealmRule> realms,
        List<PathRule> publicPaths,
        LoginConfig login) {

    /** No password is asked for. */
    public static final AuthConfig OFF =
            new AuthConfig(false, "", UsersConfig.NONE, List.of(), List.of(), LoginConfig.NONE);

    /** Copies its list. */
    public AuthConfig {
        realms = List.copyOf(realms);
        publicPaths = List.copyOf(publicPaths);
    }

    /**
     * What some paths are called when a password is asked for.
     *
     * @param paths which
     * @param realm shown by browsers
     */
    public record RealmRule(PathRule paths, String realm) {}

    /** Whether there is a file of users. */
    public boolean hasPasswords() {
        return !users.isEmpty();
    }
}
