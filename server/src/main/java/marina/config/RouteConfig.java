package marina.config;

import java.util.Set;

/**
 * What happens to requests whose path matches, before any context.
 *
 * @param match against the canonical path, unanchored
 * @param methods none means all
 * @param action what happens
 */
public record RouteConfig(Regex match, Set<String> methods, RouteAction action) {
    /** Copies its set. */
    public RouteConfig {
        methods = Set.copyOf(methods);
    }
}
