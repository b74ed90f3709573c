package marina.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import marina.config.RouteAction;
import marina.config.RouteConfig;
import marina.config.Template;

/** The routes as the Worker needs them: which requests they take, and where a rewrite or a replay leads. */
record EdgeRoutes(EdgePlaces places) {

    List<Object> of(List<RouteConfig> routes) throws ExportException {
        List<Object> entries = new ArrayList<>();
        for (RouteConfig route : routes) {
            JavaScriptPattern pattern = JavaScriptPattern.of(route.match().toString());
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("match", pattern.source());
            entry.put("flags", pattern.flags());
            entry.put("methods", route.methods().stream().sorted().toList());
            entry.putAll(action(route.action()));
            entries.add(entry);
        }
        return entries;
    }

    /** What is neither a rewrite nor a replay is done by Marina, wherever a request arrives. */
    private Map<String, Object> action(RouteAction action) {
        return action.<Map<String, Object>>fold(new RouteAction.Cases<>(
                redirect -> Map.of(),
                rewrite -> Map.of("rewrite", parts(rewrite.path())),
                upstream -> Map.of(),
                replay -> Map.of("place", places.of(replay)),
                cgi -> Map.of()));
    }

    private static List<Object> parts(Template path) {
        List<Object> parts = new ArrayList<>(List.of(path.literals().get(0)));
        for (int i = 0; i < path.names().size(); i++) {
            parts.add(Integer.parseInt(path.names().get(i)));
            parts.add(path.literals().get(i + 1));
        }
        return parts;
    }
}
