package marina.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Who gets what before a context is asked; for the whole server, or for one context.
 *
 * @param auth who must show a password
 * @param publicFiles what is answered from files
 * @param bots what crawlers get
 */
public record AccessConfig(AuthConfig auth, PublicConfig publicFiles, Bots bots) {

    /** Everybody, no files. */
    public static final AccessConfig OPEN = new AccessConfig(
            AuthConfig.OFF, new PublicConfig(Path.of(""), Set.of(), List.of(), true, List.of()), Bots.ALLOW);
}
