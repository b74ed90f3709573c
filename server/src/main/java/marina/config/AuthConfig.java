package marina.config;

import java.util.List;

/**
 * Who must show a password, and how.
 *
 * @param enabled whether a password is asked for
 * @param realm shown by browsers
 * @param users files with users and their hashed passwords, watched; none where only a provider knows the users
 * @param publicPaths what needs no password
 * @param login how users log in when it is not by Basic authentication alone
 */
public record AuthConfig(
        boolean enabled, String realm, UsersConfig users, List<PathRule> publicPaths, LoginConfig login) {

    /** No password is asked for. */
    public static final AuthConfig OFF = new AuthConfig(false, "", UsersConfig.NONE, List.of(), LoginConfig.NONE);

    /** Copies its list. */
    public AuthConfig {
        publicPaths = List.copyOf(publicPaths);
    }

    /** Whether there is a file of users. */
    public boolean hasPasswords() {
        return !users.isEmpty();
    }
}
