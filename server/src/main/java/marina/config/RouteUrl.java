package marina.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the URL of an {@code upstream} route: a server that is known now, and a path that each request completes. */
final class RouteUrl {
    /** RFC 3986, without what only a part in brackets may hold. */
    private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*");

    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i)/(\\.|%2e){1,2}(;[^/?]*)?(/|\\?|$)");

    private RouteUrl() {}

    /** Reads it; what is wrong is a problem of its key. */
    static Optional<Template> read(Section s, String key, Set<String> groups) {
        Optional<Template> url = s.template(key, groups);
        url.flatMap(RouteUrl::problem).ifPresent(problem -> s.problem(key, problem));
        return url;
    }

    private static Optional<String> problem(Template url) {
        String start = url.literals().get(0);
        if (!start.startsWith("http://") && !start.startsWith("https://")) {
            return Optional.of(Secrets.quote(url.toString()) + " is no http or https URL");
        }
        int end = endOfAuthority(start);
        if (end == start.length() && !url.names().isEmpty()) {
            return Optional.of("has $" + url.names().get(0) + " in its host or port, so that a client could choose the"
                    + " server; write the host and a slash before it, e.g. http://127.0.0.1:9000/$1");
        }
        String origin = start.substring(0, end);
        try {
            Texts.url(origin);
        } catch (BadText e) {
            return Optional.of(Secrets.quote(origin) + " " + e.getMessage());
        }
        return problemOfPath(pathOf(url, end));
    }

    private static Optional<String> problemOfPath(Template path) {
        if (!path.literals().stream().allMatch(text -> TEXT.matcher(text).matches())) {
            return Optional.of("has a character that a URL does not have; write it percent-encoded, e.g. %20");
        }
        if (path.literals().get(0).startsWith("?")) {
            return Optional.of("has a query and no path; write a slash before the question mark");
        }
        List<String> sample = new ArrayList<>(path.literals());
        if (DOT_SEGMENT.matcher(String.join("x", sample)).find()) {
            return Optional.of("has a dot segment; write the path that it leads to");
        }
        return Optional.empty();
    }

    /** Where scheme, host and port end. */
    static int endOfAuthority(String url) {
        int end = url.indexOf("//") + 2;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** The URL without its first characters. */
    static Template pathOf(Template url, int end) {
        List<String> literals = new ArrayList<>(url.literals());
        literals.set(0, literals.get(0).substring(end));
        return new Template(literals, url.names());
    }
}
