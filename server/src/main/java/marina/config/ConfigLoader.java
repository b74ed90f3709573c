package marina.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads an instance's configuration: the server file, conf/contexts and webapps. The one way in for start, reload and check. Of
 * a load without problems it keeps the contexts, and the next one reads those that have changed. Thread-safe.
 */
public final class ConfigLoader {
    private final Directories directories;
    private final Map<String, String> environment;
    private final UnsupportedKeys unsupported;
    private final Supplier<Accounts> accounts;
    private final ForeignFormat foreign;
    private volatile @Nullable LastLoad last;

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
        Reading again = new Reading(directories, accounts.get(), files);
        Optional<ServerConfig> same = readChanged(serverFile, again);
        if (same.isPresent()) {
            again.notes().forEach(notes);
            return new Draft(same.get(), List.of(), files.read());
        }
        Reading reading = new Reading(directories, accounts.get(), files);
        Optional<ServerConfig> config = read(serverFile, reading);
        reading.notes().forEach(notes);
        if (config.isEmpty() || !reading.lacksOnlyFiles()) {
            throw new ConfigException(reading.problems());
        }
        return new Draft(config.get(), reading.problems(), files.read());
    }

    /** Reads what has changed since the last load; empty when everything has to be read, as always when there are problems. */
    private Optional<ServerConfig> readChanged(Path serverFile, Reading reading) {
        LastLoad before = last;
        if (before == null || !before.isOf(serverFile)) {
            return Optional.empty();
        }
        Optional<LastLoad.Next> next;
        try {
            next = before.next(reading.files().read(serverFile), reading);
        } catch (IOException e) {
            return Optional.empty();
        }
        Optional<ServerConfig> config = next.flatMap(what -> read(what.root(), reading, what.recollection()));
        if (config.isEmpty() || !reading.problems().isEmpty()) {
            return Optional.empty();
        }
        last = next.get().over(serverFile);
        return config;
    }

    /** Reads everything; empty only when there are problems. */
    Optional<ServerConfig> read(Path serverFile, Reading reading) {
        Optional<YamlFile.Result> written = serverText(serverFile, reading);
        if (written.isEmpty()) {
            return Optional.empty();
        }
        Value.Mapping own = written.get().mapping();
        Value.Mapping mapping = translated(serverFile, own, reading);
        Recollection learned = Recollection.none();
        Optional<ServerConfig> config = read(mapping, reading, learned);
        boolean isNative = own.equals(mapping);
        if (reading.problems().isEmpty()) { // else what the last load has found is as good as before
            last = reading.files()
                    .content(serverFile)
                    .filter(text -> isNative)
                    .flatMap(text -> LastLoad.of(serverFile, text, written.get(), learned))
                    .orElse(null);
        }
        return config;
    }

    /** Empty when what is known no longer holds. */
    private Optional<ServerConfig> read(Value.Mapping written, Reading reading, Recollection recollection) {
        unsupported.check(written, reading);
        return Section.read(written, Scope.ofServer(directories, environment), reading, section -> {
            ServerReader server = new ServerReader(section);
            Recollection.Inherited inherited = new Recollection.Inherited(
                    server.basePath(),
                    server.access(),
                    server.traffic(),
                    PagesConfig.read(section).errorPages());
            if (!recollection.inherits(inherited)) {
                return Optional.empty();
            }
            ContextCollector contexts = new ContextCollector(section, inherited, recollection);
            return Optional.of(server.read(contexts.collect(inherited.basePath()), contexts.olderVersions()));
        });
    }

    private Value.Mapping translated(Path serverFile, Value.Mapping written, Reading reading) {
        return foreign.recognises(serverFile, written) ? foreign.translate(serverFile, written, reading) : written;
    }

    private Optional<YamlFile.Result> serverText(Path serverFile, Reading reading) {
        SourceLocation location = SourceLocation.of(directories.display(serverFile));
        if (!reading.files().exists(serverFile)) {
            reading.problem(
                    location, "", "does not exist; create it, an empty file will do, or name another one with -c");
            return Optional.empty();
        }
        try {
            byte[] text = reading.files().read(serverFile);
            return YamlFile.parse(YamlFile.Part.whole(location.file()), text, reading);
        } catch (IOException e) {
            YamlFile.cannotBeRead(serverFile, e, reading);
            return Optional.empty();
        }
    }

    /**
     * A server file in Marina's own form, as {@link #load} reads it; a file that has that form is as it is.
     *
     * @param notes takes what is worth saying about it
     * @throws ConfigException when it cannot be read
     */
    public Value.Mapping nativeForm(Path serverFile, Consumer<ConfigNote> notes) {
        Reading reading = new Reading(directories, accounts.get());
        Optional<Value.Mapping> mapping =
                serverText(serverFile, reading).map(written -> translated(serverFile, written.mapping(), reading));
        reading.notes().forEach(notes);
        if (mapping.isEmpty() || !reading.problems().isEmpty()) {
            throw new ConfigException(reading.problems());
        }
        return mapping.get();
    }
}
