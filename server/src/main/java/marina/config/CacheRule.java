package marina.config;

import java.time.Duration;

/**
 * How long browsers may keep public files.
 *
 * @param prefix of the paths, empty for all others
 * @param maxAge zero means that they ask each time
 * @param immutable whether they need not ask even on reload
 */
public record CacheRule(String prefix, Duration maxAge, boolean immutable) {}
