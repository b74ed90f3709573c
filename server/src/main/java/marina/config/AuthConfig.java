package marina.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Basic authentication.
 *
 * @param enabled whether a password is asked for
 * @param realm shown by browsers
 * @param htpasswd users and their hashed passwords; watched
 * @param publicPaths what needs no password
 */
public record AuthConfig(boolean enabled, String realm, Path htpasswd, List<PathRule> publicPaths) {

    /** No password is asked for. */
    public static final AuthConfig OFF = new AuthConfig(false, "", Path.of(""), List.of());

    /** Copies its list. */
    public AuthConfig {
        publicPaths = List.copyOf(publicPaths);
    }
}
