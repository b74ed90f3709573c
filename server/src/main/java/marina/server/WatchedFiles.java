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

/**
 * The files outside of conf and webapps that matter to the configuration that runs. Thread-safe.
 *
 * @param config the configuration that runs
 */
record WatchedFiles(Supplier<ServerConfig> config) {

    /** Those whose change is a change of the configuration: archives, certificates, keys. */
    Set<Path> ofConfiguration() {
        Stream<Path> pems = config.get().listen().stream()
                .flatMap(listener -> listener.tls().files())
                .flatMap(files -> Stream.of(files.certificate(), files.key()));
        Set<Path> archives = files(Content.War.class, war -> Stream.of(war.archive()));
        return Stream.concat(pems, archives.stream()).collect(Collectors.toSet());
    }

    /** Those whose change is a new release of an application. */
    Set<Path> ofReleases() {
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
