package marina.server;

import java.nio.file.Path;
import java.util.SortedMap;
import marina.config.ServerConfig;

/**
 * What a server starts with.
 *
 * @param startHooksRan whether the start hooks have run before, because they make files that the configuration names
 * @param files what the configuration was made from, by absolute path
 */
public record Prepared(ServerConfig config, boolean startHooksRan, SortedMap<Path, byte[]> files) {}
