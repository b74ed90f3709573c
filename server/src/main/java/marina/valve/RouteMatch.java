package marina.valve;

import java.util.List;
import marina.config.RouteAction;
import marina.config.Template;
import marina.proxy.CanonicalPath;
import org.jspecify.annotations.Nullable;

/**
 * A route that fits a request.
 *
 * @param number its place among the routes
 * @param action what it does
 * @param groups what the groups 1 to 9 of its pattern matched; empty for one that took no part
 */
public record RouteMatch(int number, RouteAction action, List<String> groups) {

    /**
     * A path or URL to be sent: the groups go in percent-encoded, as the part of the URL demands in which they stand. Where a
     * slash and a group that begins with one meet, there is one.
     */
    public String url(Template template) {
        StringBuilder text = new StringBuilder(template.literals().get(0));
        boolean inQuery = text.indexOf("?") >= 0;
        for (int i = 0; i < template.names().size(); i++) {
            String group = groups.get(Integer.parseInt(template.names().get(i)) - 1);
            String literal = template.literals().get(i + 1);
            if (inQuery) {
                text.append(UrlText.query(group));
            } else {
                boolean meets = !text.isEmpty() && text.charAt(text.length() - 1) == '/' && group.startsWith("/");
                text.append(CanonicalPath.encode(meets ? group.substring(1) : group));
            }
            text.append(literal);
            inQuery |= literal.indexOf('?') >= 0;
        }
        return text.toString();
    }

    /**
     * A URL with the query of a request, which goes behind what the route says itself.
     *
     * @param query null or empty for none
     */
    public static String withQuery(String url, @Nullable String query) {
        if (query == null || query.isEmpty()) {
            return url;
        }
        return url + (url.indexOf('?') < 0 ? "?" : "&") + query;
    }

    /** The path of a URL without a host. */
    public static String pathOf(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}
