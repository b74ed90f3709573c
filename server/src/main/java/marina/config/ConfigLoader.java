package marina.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads an instance's configuration: the server file, conf/contexts and webapps. The one way in for start, reload and check. */
public final class ConfigLoader {
    private final Directories directories;
    private final Map<String, String> environment;
    private final UnsupportedKeys unsupported;
    private final Supplier<Accounts> accounts;
    private final ForeignFormat foreign;

    /**
     * A loader for one instance, of files in Marina's own form.
     *
     * @param environment what {@code ${NAME}} falls back to
     */
    public ConfigLoader(Directories directories, Map<String, String> environment) {
        this(directories, environment, ForeignFormat.NONE);
    }

    /**
     * A loader for one instance.
     *
     * @param environment what {@code ${NAME}} falls back to
     * @param foreign the server file may be of this form as well
     */
    public ConfigLoader(Directories directories, Map<String, String> environment, ForeignFormat foreign) {
        this(directories, environment, UnsupportedKeys.CURRENT, () -> Accounts.ofThisMachine(environment), foreign);
    }

    ConfigLoader(
            Directories directories,
            Map<String, String> environment,
            UnsupportedKeys unsupported,
            Supplier<Accounts> accounts,
            ForeignFormat foreign) {
        this.directories = directories;
        this.environment = Map.copyOf(environment);
        this.unsupported = unsupported;
        this.accounts = accounts;
        this.foreign = foreign;
    }

    /**
     * Reads everything anew.
     *
     * @param serverFile usually conf/server.yml
     * @throws ConfigException with all problems
     */
    public ServerConfig load(Path serverFile) {
        return load(serverFile, note -> {});
    }

    /**
     * Reads everything anew.
     *
     * @param serverFile usually conf/server.yml
     * @param notes takes what is no problem and yet worth saying, in the order of the file
     * @throws ConfigException with all problems
     */
    public ServerConfig load(Path serverFile, Consumer<ConfigNote> notes) {
        return load(serverFile, notes, SettingsFiles.onDisk());
    }

    /**
     * Reads everything anew.
     *
     * @param serverFile usually conf/server.yml
     * @param notes takes what is no problem and yet worth saying, in the order of the file
     * @param files what is read, which may be others than those that lie there; it knows afterwards what has been read
     * @throws ConfigException with all problems
     */
    public ServerConfig load(Path serverFile, Consumer<ConfigNote> notes, SettingsFiles files) {
        return draft(serverFile, notes, files).complete();
    }

    /**
     * A configuration before the hooks have run that are to make files which it names.
     *
     * @param config whole only when nothing is missing; its hooks and logs can be relied on all the same
     * @param missing files and folders that are not there yet
     * @param files what it was made from, by absolute path
     */
    public record Draft(ServerConfig config, List<ConfigProblem> missing, SortedMap<Path, byte[]> files) {
        /** Copies its list. */
        public Draft {
            missing = List.copyOf(missing);
        }

        /**
         * The configuration.
         *
         * @throws ConfigException when something is missing
         */
        public ServerConfig complete() {
            if (!missing.isEmpty()) {
                throw new ConfigException(missing);
            }
            return config;
        }
    }

    /**
     * Reads everything anew, and leaves it to the caller what to do about files that are not there.
     *
     * @param serverFile usually conf/server.yml
     * @param notes takes what is no problem and yet worth saying, in the order of the file
     * @param files what is read, as {@link #load(Path, Consumer, SettingsFiles)} has it
     * @throws ConfigException with all problems, when one of them is another one
     */
    public Draft draft(Path serverFile, Consumer<ConfigNote> notes, SettingsFiles files) {
        Reading reading = new Reading(directories, accounts.get(), files);
        Optional<ServerConfig> config = read(serverFile, reading);
        reading.notes().forEach(notes);
        if (config.isEmpty() || !reading.lacksOnlyFiles()) {
            throw new ConfigException(reading.problems());
        }
        return new Draft(config.get(), reading.problems(), files.read());
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
        if (!reading.files().exists(serverFile)) {
            reading.problem(
                    location, "", "does not exist; create it, an empty file will do, or name another one with -c");
            return Optional.empty();
        }
        Optional<Value.Mapping> written = YamlFile.read(serverFile, reading);
        return written.map(mapping ->
                foreign.recognises(serverFile, mapping) ? foreign.translate(serverFile, mapping, reading) : mapping);
    }

    /**
     * A server file in Marina's own form, as {@link #load} reads it; a file that has that form is as it is.
     *
     * @param notes takes what is worth saying about it
     * @throws ConfigException when it cannot be read
     */
    public Value.Mapping nativeForm(Path serverFile, Consumer<ConfigNote> notes) {
        Reading reading = new Reading(directories, accounts.get());
        Optional<Value.Mapping> mapping = serverMapping(serverFile, reading);
        reading.notes().forEach(notes);
        if (mapping.isEmpty() || !reading.problems().isEmpty()) {
            throw new ConfigException(reading.problems());
        }
        return mapping.get();
    }
}
