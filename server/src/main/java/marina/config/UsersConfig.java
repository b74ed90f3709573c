package marina.config;

import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The files that tell who the users are; either one in YAML, or those of Apache. Empty paths where there is none.
 *
 * @param yaml users with their hashed passwords and roles, as {@link UsersFile} reads them
 * @param htpasswd lines of {@code name:hash}
 * @param groups lines of {@code role: name name}; only beside {@code htpasswd}
 */
public record UsersConfig(Path yaml, Path htpasswd, Path groups) {
    private static final Path ABSENT = Path.of("");

    /** Nobody. */
    public static final UsersConfig NONE = new UsersConfig(ABSENT, ABSENT, ABSENT);

    /** Users of a YAML file. */
    public static UsersConfig of(Path yaml) {
        return new UsersConfig(yaml, ABSENT, ABSENT);
    }

    /** Users of an htpasswd file. */
    public static UsersConfig ofHtpasswd(Path htpasswd) {
        return new UsersConfig(ABSENT, htpasswd, ABSENT);
    }

    /** Whether there is no file. */
    public boolean isEmpty() {
        return files().findAny().isEmpty();
    }

    /** The file with the names and passwords. */
    public Path passwords() {
        return yaml.equals(ABSENT) ? htpasswd : yaml;
    }

    /** Whether there are groups. */
    public boolean hasGroups() {
        return !groups.equals(ABSENT);
    }

    /** All files that there are. */
    public Stream<Path> files() {
        return Stream.of(yaml, htpasswd, groups).filter(file -> !file.equals(ABSENT));
    }
}
