package marina.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads an instance's configuration: the server file, conf/contexts and webapps. The one way in for start, reload and check. */
public final class ConfigLoader {
    private static final List<String> NAVIGATOR_KEYS = List.of("server", "applications", "managed_processes");

    private final Directories directories;
    private final Map<String, String> environment;
    private final UnsupportedKeys unsupported;
    private final Supplier<Accounts> accounts;

    /**
     * A loader for one instance.
     *
     * @param environment what {@code ${NAME}} falls back to
     */
    public ConfigLoader(Directories directories, Map<String, String> environment) {
        this(directories, environment, UnsupportedKeys.CURRENT, () -> Accounts.ofThisMachine(environment));
    }

    ConfigLoader(
            Directories directories,
            Map<String, String> environment,
            UnsupportedKeys unsupported,
            Supplier<Accounts> accounts) {
        this.directories = directories;
        this.environment = Map.copyOf(environment);
        this.unsupported = unsupported;
        this.accounts = accounts;
    }

    /**
     * Reads everything anew.
     *
     * @param serverFile usually conf/server.yml
     * @throws ConfigException with all problems
     */
    public ServerConfig load(Path serverFile) {
        return load(serverFile, warning -> {});
    }

    /**
     * Reads everything anew.
     *
     * @param serverFile usually conf/server.yml
     * @param warnings is told what may be meant, and probably is not; of a configuration that can be used only
     * @throws ConfigException with all problems
     */
    public ServerConfig load(Path serverFile, Consumer<ConfigProblem> warnings) {
        Reading reading = new Reading(directories, accounts.get());
        Optional<ServerConfig> config = read(serverFile, reading);
        List<ConfigProblem> problems = reading.problems();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        reading.warnings().forEach(warnings);
        return config.orElseThrow(() -> new IllegalStateException("no configuration and no problem: " + serverFile));
    }

    /** Reads everything; empty only when there are problems. */
    Optional<ServerConfig> read(Path serverFile, Reading reading) {
        Scope scope = Scope.ofServer(directories, environment);
        Optional<Value.Mapping> written = serverMapping(serverFile, reading);
        if (written.isEmpty()) {
            return Optional.empty();
        }
        unsupported.check(written.get(), reading);
        ServerConfig config = Section.read(written.get(), scope, reading, section -> {
            ServerReader server = new ServerReader(section);
            ContextCollector contexts = new ContextCollector(section, server.access(), server.traffic());
            return server.read(contexts.collect(server.basePath()), contexts.olderVersions());
        });
        return Optional.of(config);
    }

    private Optional<Value.Mapping> serverMapping(Path serverFile, Reading reading) {
        SourceLocation location = SourceLocation.of(directories.display(serverFile));
        if (!Files.exists(serverFile)) {
            reading.problem(
                    location, "", "does not exist; create it, an empty file will do, or name another one with -c");
            return Optional.empty();
        }
        Optional<Value.Mapping> mapping = YamlFile.read(serverFile, reading);
        boolean navigator = mapping.isPresent()
                && NAVIGATOR_KEYS.stream()
                        .map(mapping.get().entries()::get)
                        .anyMatch(entry -> entry != null && entry.value() instanceof Value.Mapping);
        if (navigator) {
            reading.problem(location, "", "is in Navigator's format, which is not supported yet");
            return Optional.empty();
        }
        return mapping;
    }
}
