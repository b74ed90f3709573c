package marina.server;

import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.ServerConfig;
import marina.host.ConfigWatch;

/**
 * The files outside of conf and webapps that matter to the configuration that runs. Thread-safe.
 *
 * @param config the configuration that runs
 */
record WatchedFiles(Supplier<ServerConfig> config) implements ConfigWatch.Elsewhere {

    @Override
    public Set<Path> archives() {
        return files(Content.War.class, war -> Stream.of(war.archive()));
    }

    @Override
    public Set<Path> certificates() {
        return Stream.concat(config.get().listen().stream(), config.get().admin().listen().stream())
                .flatMap(listener -> listener.tls().files())
                .flatMap(files -> Stream.of(files.certificate(), files.key()))
                .collect(Collectors.toSet());
    }

    @Override
    public Set<Path> releases() {
        return files(Content.Command.class, command -> command.release().marks().stream());
    }

    /** Many contexts share an archive or a directory; each file is there once. */
    private <C extends Content> Set<Path> files(Class<C> kind, Function<C, Stream<Path>> files) {
        return config.get().contexts().values().stream()
                .map(ContextConfig::content)
                .filter(kind::isInstance)
                .flatMap(content -> files.apply(kind.cast(content)))
                .collect(Collectors.toSet());
    }
}
