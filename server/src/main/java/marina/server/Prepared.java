package marina.server;

import marina.config.ServerConfig;

/**
 * What a server starts with.
 *
 * @param startHooksRan whether the start hooks have run before, because they make files that the configuration names
 */
public record Prepared(ServerConfig config, boolean startHooksRan) {}
