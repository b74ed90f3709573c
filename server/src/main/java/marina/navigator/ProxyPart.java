package marina.navigator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import marina.config.ServerFields;
import marina.config.Value;

/** {@code routes.reverse_proxies}. Used by one thread. */
final class ProxyPart {
    private static final Map<String, String> VARIABLES =
            Map.of("$remote_addr", "${remote_addr}", "$scheme", "${scheme}", "$host", "${host}");

    private final Report report;
    private final Names names;

    ProxyPart(Report report, Names names) {
        this.report = report;
        this.names = names;
    }

    /** The route of one proxy; empty where it says too little. */
    Optional<Value> translate(Written proxy) {
        proxy.value("name"); // for its log
        Optional<Value.Scalar> path = proxy.text("path");
        Optional<Value.Scalar> prefix = proxy.text("prefix");
        Optional<Value.Scalar> target = proxy.text("target");
        boolean strip = proxy.flag("strip_path", false);
        proxy.ignored("websocket", "has no effect: WebSockets pass wherever plain requests do");
        Tree route = new Tree(proxy.mapping());
        if (target.isEmpty() || (path.isEmpty() && prefix.isEmpty())) {
            report.warn(proxy.mapping(), "needs target and one of path and prefix, and has no effect");
        } else if (path.isPresent()) {
            byPattern(route, path.get(), target.get(), strip);
        } else {
            byPrefix(route, prefix.get(), target.get(), strip);
        }
        route.put("request_headers", fields(proxy, "headers", true));
        Tree answers = fields(proxy, "response_headers", false);
        route.put("response_headers", answers);
        proxy.value("response_headers")
                .filter(value -> !proxy.entries("response_headers").isEmpty())
                .ifPresent(value -> route.put("preflight", "true", value));
        proxy.finish();
        return route.has("upstream") ? Optional.of(route.mapping()) : Optional.empty();
    }

    private void byPattern(Tree route, Value.Scalar path, Value.Scalar target, boolean strip) {
        RoutePattern pattern = new RoutePattern(path.text());
        String url = names.ofServer(target);
        if (target.text().matches("(?s).*\\$[1-9].*")) {
            List<String> unknown = new ArrayList<>();
            String expanded = pattern.expand(target.text(), 0, unknown);
            unknown.forEach(
                    name -> report.warn(target, "has $" + name + ", which names no group of the pattern and is empty"));
            put(route, path, path.text(), target, expanded);
        } else if (strip && pattern.groups() > 0) {
            put(route, path, path.text(), target, join(url, "$1"));
        } else if (hasPath(url)) {
            put(route, path, pattern.wholePath(), target, join(url, "$1"));
        } else {
            put(route, path, path.text(), target, withoutSlash(url));
        }
    }

    private void byPrefix(Tree route, Value.Scalar prefix, Value.Scalar target, boolean strip) {
        String quoted = RoutePattern.quote(prefix.text());
        String url = names.ofServer(target);
        if (strip) {
            put(route, prefix, "^" + quoted + "/?((?s:.*))$", target, join(url, "$1"));
        } else if (hasPath(url)) {
            put(route, prefix, "^(" + quoted + "(?s:.*))$", target, join(url, "$1"));
        } else {
            put(route, prefix, "^" + quoted, target, withoutSlash(url));
        }
    }

    private static void put(Tree route, Value from, String match, Value to, String url) {
        route.put("match", Names.literal(match), from).put("upstream", url, to);
    }

    /** One slash between them: where a group begins with one, the route has one slash as well. */
    private static String join(String url, String rest) {
        return (url.endsWith("/") ? url : url + "/") + rest;
    }

    /** A slash alone would be the path of every request. */
    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static boolean hasPath(String url) {
        int host = url.indexOf("//") + 2;
        int slash = url.indexOf('/', host);
        return slash >= 0 && slash < url.length() - 1;
    }

    private Tree fields(Written proxy, String key, boolean ofRequest) {
        Tree fields = new Tree(proxy.value(key).orElse(proxy.mapping()));
        proxy.entries(key)
                .forEach((name, entry) -> proxy.asScalar(entry.value()).ifPresent(value -> {
                    String lower = name.toLowerCase(Locale.ROOT);
                    if (ofRequest && (ServerFields.areFraming(lower) || ServerFields.tellBackends(lower))) {
                        reserved(lower, value);
                    } else {
                        fields.put(name, variables(value.text()), value);
                    }
                }));
        return fields;
    }

    private void reserved(String name, Value.Scalar value) {
        boolean same = (name.equals("x-forwarded-host") && value.text().equals("$host"))
                || (name.equals("x-forwarded-proto") && value.text().equals("$scheme"))
                || (Set.of("x-real-ip", "x-forwarded-for").contains(name)
                        && value.text().equals("$remote_addr"));
        if (same) {
            report.note(value, "is what Marina tells upstreams anyway");
        } else {
            report.warn(value, "has no effect: Marina sets this field itself, so that upstreams can trust it");
        }
    }

    private static String variables(String text) {
        String result = Names.literal(text);
        for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
            result = result.replace(variable.getKey(), variable.getValue());
        }
        return result;
    }
}
