package marina.fleet;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.RouteAction;
import marina.config.RouteConfig;
import marina.config.ServerConfig;
import org.jspecify.annotations.Nullable;

/** Where everything of a configuration lives. Immutable; look-ups cost the same however many contexts there are. */
public final class Placements {
    private final Map<ContextPath, Placement> contexts = new HashMap<>();
    private final Map<RouteAction, Placement> routes = new HashMap<>();
    private final Map<String, Place> tokens = new HashMap<>();
    private final String version;

    /** Of a configuration. */
    public Placements(ServerConfig config) {
        Map<String, String> texts = new TreeMap<>();
        for (ContextConfig context : config.contexts().values()) {
            if (!context.placement().isAnywhere()) {
                Placement placement = Placement.of(context.placement());
                contexts.put(context.path(), placement);
                texts.put(context.path().value(), placement.toString());
                know(placement);
            }
        }
        for (RouteConfig route : config.routes()) {
            if (route.action() instanceof RouteAction.Replay replay) {
                Placement placement = Placement.of(replay);
                routes.put(replay, placement);
                texts.put(route.match().toString(), placement.toString());
                know(placement);
            }
        }
        version = Integer.toHexString(texts.hashCode());
    }

    private void know(Placement placement) {
        List<Place> places = placement.places(false);
        places.forEach(place -> tokens.putIfAbsent(place.token(), place));
    }

    /** Whether everything lives everywhere. */
    public boolean isEmpty() {
        return contexts.isEmpty() && routes.isEmpty();
    }

    /** Where a context lives; null for anywhere. */
    public @Nullable Placement of(ContextPath context) {
        return contexts.get(context);
    }

    /** Where a route leads. */
    public Placement of(RouteAction.Replay route) {
        Placement placement = routes.get(route);
        return placement == null ? Placement.of(route) : placement;
    }

    /** What a client may call a place; null when the configuration does not know it, so that nobody can make names up. */
    public @Nullable Place named(String token) {
        return tokens.get(token);
    }

    /** All places that the configuration knows. */
    public Collection<Place> places() {
        return List.copyOf(tokens.values());
    }

    /** How many contexts live somewhere. */
    public int placed() {
        return contexts.size();
    }

    /** How many of these live elsewhere. */
    public long elsewhere(Here here) {
        return contexts.values().stream()
                .filter(placement -> !placement.isMine(here, false))
                .count();
    }

    /** A mark that differs between machines with different placements. */
    public String version() {
        return version;
    }
}
