package marina.config;

import java.nio.file.Path;
import java.util.Map;

/** Reads an instance's configuration: the server file, conf/contexts and webapps. The one way in for start, reload and check. */
public final class ConfigLoader {
    private final Directories directories;
    private final Map<String, String> environment;

    /**
     * A loader for one instance.
     *
     * @param environment what {@code ${NAME}} falls back to
     */
    public ConfigLoader(Directories directories, Map<String, String> environment) {
        this.directories = directories;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Reads everything anew.
     *
     * @param serverFile usually conf/server.yml
     * @throws ConfigException with all problems
     */
    public ServerConfig load(Path serverFile) {
        throw new UnsupportedOperationException(serverFile + " " + directories + environment);
    }
}
