package marina.config;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The servers of a fleet outside of Fly.
 *
 * @param pattern a URL with {@code {region}} or {@code {machine}} in it, empty for none
 * @param named URLs by region, machine or app
 */
public record PeersConfig(String pattern, Map<String, URI> named) {
    /** The key of the pattern. */
    static final String OTHERS = "*";

    static final String REGION = "{region}";
    static final String MACHINE = "{machine}";

    /** None are named. */
    public static final PeersConfig NONE = new PeersConfig("", Map.of());

    /** Keeps the order of writing. */
    public PeersConfig {
        named = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(named));
    }

    /** Whether none are named. */
    public boolean isEmpty() {
        return pattern.isEmpty() && named.isEmpty();
    }

    /**
     * The server at a place; empty when none is named for it.
     *
     * @param machine empty for any
     * @param region empty for any
     * @param app empty for this one
     */
    public Optional<URI> url(String machine, String region, String app) {
        for (String name : new String[] {machine, region, app}) {
            URI url = named.get(name);
            if (!name.isEmpty() && url != null) {
                return Optional.of(url);
            }
        }
        boolean fits = (!region.isEmpty() || !pattern.contains(REGION))
                && (!machine.isEmpty() || !pattern.contains(MACHINE))
                && !(machine.isEmpty() && region.isEmpty());
        boolean tells = machine.isEmpty() || pattern.contains(MACHINE);
        return pattern.isEmpty() || !fits || !tells
                ? Optional.empty()
                : Optional.of(URI.create(pattern.replace(REGION, region).replace(MACHINE, machine)));
    }
}
