package marina.valve;

import java.util.List;
import marina.config.RouteConfig;
import org.jspecify.annotations.Nullable;

/** The routes of a server in their order; a look-up costs what its path costs to read, not what the routes cost. Immutable. */
final class RouteTable {
    private final List<RouteConfig> routes;
    private final PrefixIndex index;

    RouteTable(List<RouteConfig> routes) {
        this.routes = List.copyOf(routes);
        this.index =
                new PrefixIndex(this.routes.stream().map(RouteConfig::match).toList());
    }

    /**
     * The first route that fits.
     *
     * @param from the number of the first route to consider
     */
    @Nullable
    RouteMatch first(String method, String path, int from) {
        int last = from - 1;
        for (int number : index.candidates(path)) {
            if (number <= last) {
                continue;
            }
            last = number;
            RouteConfig route = routes.get(number);
            if (route.methods().isEmpty() || route.methods().contains(method)) {
                List<String> groups = route.match().match(path);
                if (groups != null) {
                    return new RouteMatch(number, route.action(), groups);
                }
            }
        }
        return null;
    }
}
