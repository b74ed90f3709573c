package marina.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code routes}: a pattern and exactly one of {@code redirect}, {@code rewrite}, {@code upstream}, {@code replay}, {@code cgi}. */
final class RouteReader {
    private static final List<String> ACTIONS = List.of("redirect", "rewrite", "upstream", "replay", "cgi");
    private static final List<String> OF_UPSTREAM =
            List.of("request_headers", "response_headers", "timeouts", "preflight");
    private static final Set<String> GROUPS = Set.of("1", "2", "3", "4", "5", "6", "7", "8", "9");

    private RouteReader() {}

    /**
     * Reads them in their order.
     *
     * @param known whether the server asks users for a password
     */
    static List<RouteConfig> read(Section server, boolean known) {
        return server.sections("routes", route -> route(route, known));
    }

    private static Optional<RouteConfig> route(Section s, boolean known) {
        Optional<Regex> match = s.value("match", Texts::regex);
        if (!s.has("match")) {
            s.problem("match", "needs match, a pattern for the path, e.g. match: \"^/old/(.*)$\"");
        }
        Set<String> methods = new LinkedHashSet<>(s.list("methods", RouteReader::method));
        Optional<RouteAction> action = action(s, known);
        List<String> written = new ArrayList<>();
        for (String name : ACTIONS) {
            if (s.has(name)) {
                written.add(name);
            }
        }
        if (written.size() != 1) {
            s.problem(
                    written.isEmpty() ? "match" : written.get(1),
                    "a route does exactly one of redirect, rewrite, upstream, replay and cgi");
            return Optional.empty();
        }
        match.ifPresent(regex -> action.ifPresent(one -> checkGroups(s, written.get(0), regex, one)));
        return match.flatMap(regex -> action.map(one -> new RouteConfig(regex, methods, one)));
    }

    /** A group that is not there would always be empty. */
    private static void checkGroups(Section s, String key, Regex match, RouteAction action) {
        List<String> names = action.fold(new RouteAction.Cases<>(
                redirect -> redirect.location().names(),
                rewrite -> rewrite.path().names(),
                upstream -> upstream.url().names(),
                replay -> List.of(),
                cgi -> List.of()));
        names.stream()
                .filter(name -> Integer.parseInt(name) > match.groups())
                .findFirst()
                .ifPresent(name -> s.problem(
                        key, "has $" + name + ", but match has no group " + name + "; a group is written (…)"));
    }

    private static Optional<RouteAction> action(Section s, boolean known) {
        int status = s.value("status", RouteReader::redirectStatus, 302);
        Optional<RouteAction> redirect =
                target(s, "redirect").map(location -> new RouteAction.Redirect(location, status));
        Optional<RouteAction> rewrite = target(s, "rewrite").map(RouteAction.Rewrite::new);
        Optional<RouteAction> upstream = upstream(s);
        Optional<RouteAction> replay =
                s.has("replay") ? Optional.of(s.section("replay", PlacementReader::replay)) : Optional.empty();
        Optional<RouteAction> cgi = CgiReader.read(s, known).map(RouteAction.Cgi::new);
        return redirect.or(() -> rewrite).or(() -> upstream).or(() -> replay).or(() -> cgi);
    }

    private static Optional<RouteAction> upstream(Section s) {
        HeadersConfig headers = new HeadersConfig(
                HeaderReader.request(s, "request_headers"), HeaderReader.response(s, "response_headers"));
        TrafficConfig.Timeouts timeouts = s.section("timeouts", TrafficReader::timeouts);
        boolean preflight = s.flag("preflight", false);
        if (preflight && headers.response().isEmpty()) {
            s.problem("preflight", "needs response_headers, which say what a browser may do; add them or remove it");
        }
        if (!s.has("upstream")) {
            for (String key : OF_UPSTREAM) {
                if (s.has(key)) {
                    s.problem(key, "has no effect without upstream; remove it");
                }
            }
        }
        return RouteUrl.read(s, "upstream", GROUPS)
                .map(url -> new RouteAction.Upstream(url, headers, timeouts, preflight));
    }

    private static Optional<Template> target(Section s, String key) {
        Optional<Template> target = s.template(key, GROUPS);
        target.ifPresent(template -> {
            String start = template.literals().get(0);
            boolean absolute = start.startsWith("http://") || start.startsWith("https://");
            if (!absolute && !start.isEmpty() && !start.startsWith("/")) {
                s.problem(key, Secrets.quote(start) + " is neither a path nor a URL");
            }
        });
        return target;
    }

    private static String method(String text) {
        if (!text.matches("[A-Z]+(-[A-Z]+)*")) {
            throw BadText.of("is no HTTP method; write it in capitals, e.g. GET");
        }
        return text;
    }

    private static int redirectStatus(String text) {
        List<String> statuses = List.of("301", "302", "303", "307", "308");
        if (!statuses.contains(text)) {
            throw Texts.notOneOf(statuses, text);
        }
        return Integer.parseInt(text);
    }
}
