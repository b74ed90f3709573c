package marina.export;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import marina.config.PlacementConfig;
import marina.config.RouteAction;

/**
 * Where something lives, as the Worker tells Fly's proxy.
 *
 * @param app the Fly app that the Worker asks when nothing is said; empty when it is none
 */
record EdgePlaces(String app) {

    /** Of a context; empty for anywhere. */
    Map<String, Object> of(PlacementConfig placement) {
        Map<String, Object> place = of(placement.flyApp(), placement.regions(), placement.machine());
        if (!placement.primary().isEmpty()) {
            place.put("primary", placement.primary());
        }
        return place;
    }

    /** Of a route. How long a replay may take, and who remembers it, is between Marina and Fly's proxy: a Worker replays nothing. */
    Map<String, Object> of(RouteAction.Replay replay) {
        return of(replay.app(), replay.region().isEmpty() ? List.of() : List.of(replay.region()), replay.machine());
    }

    private Map<String, Object> of(String flyApp, List<String> regions, String machine) {
        Map<String, Object> place = new LinkedHashMap<>();
        if (!flyApp.isEmpty() && !flyApp.equals(app)) {
            place.put("origin", "https://" + flyApp + ".fly.dev");
        }
        if (!regions.isEmpty()) {
            place.put("regions", String.join(",", regions));
        }
        if (!machine.isEmpty()) {
            place.put("instance", machine);
        }
        return place;
    }
}
