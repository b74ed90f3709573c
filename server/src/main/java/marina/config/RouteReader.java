package marina.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code routes}: a pattern and exactly one of {@code redirect}, {@code rewrite}, {@code upstream}, {@code replay}, {@code cgi}. */
final class RouteReader {
    private static final List<String> ACTIONS = List.of("redirect", "rewrite", "upstream", "replay", "cgi");
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
        return match.flatMap(regex -> action.map(one -> new RouteConfig(regex, methods, one)));
    }

    private static Optional<RouteAction> action(Section s, boolean known) {
        int status = s.value("status", RouteReader::redirectStatus, 302);
        Optional<RouteAction> redirect =
                target(s, "redirect").map(location -> new RouteAction.Redirect(location, status));
        Optional<RouteAction> rewrite = target(s, "rewrite").map(RouteAction.Rewrite::new);
        var requestHeaders = s.templates("request_headers", Set.of("host"));
        var responseHeaders = s.templates("response_headers", Set.of("host"));
        Optional<RouteAction> upstream =
                target(s, "upstream").map(url -> new RouteAction.Upstream(url, requestHeaders, responseHeaders));
        Optional<RouteAction> replay =
                s.has("replay") ? Optional.of(s.section("replay", RouteReader::replay)) : Optional.empty();
        Optional<RouteAction> cgi = CgiReader.read(s, known).map(RouteAction.Cgi::new);
        return redirect.or(() -> rewrite).or(() -> upstream).or(() -> replay).or(() -> cgi);
    }

    private static Optional<Template> target(Section s, String key) {
        Optional<Template> target = s.template(key, GROUPS);
        boolean url = key.equals("upstream");
        target.ifPresent(template -> {
            String start = template.literals().get(0);
            boolean absolute = start.startsWith("http://") || start.startsWith("https://");
            boolean group = start.isEmpty() && !url;
            if (!absolute && !group && (url || !start.startsWith("/"))) {
                s.problem(
                        key,
                        Secrets.quote(start) + (url ? " is no http or https URL" : " is neither a path nor a URL"));
            }
        });
        return target;
    }

    private static RouteAction replay(Section s) {
        RouteAction.Replay replay =
                new RouteAction.Replay(s.text("app", ""), s.text("region", ""), s.text("machine", ""));
        if (replay.app().isEmpty()
                && replay.region().isEmpty()
                && replay.machine().isEmpty()) {
            s.problem("app", "needs app, region or machine");
        }
        return replay;
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
