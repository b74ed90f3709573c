package marina.valve;

import java.util.List;
import marina.config.RouteAction;
import marina.config.Template;

/**
 * A route that fits a request.
 *
 * @param number its place among the routes
 * @param action what it does
 * @param groups what the groups 1 to 9 of its pattern matched; empty for one that took no part
 */
public record RouteMatch(int number, RouteAction action, List<String> groups) {

    /** A path for our own decisions: the groups go in as they are. */
    String path(Template template) {
        return expand(template, Encoding.NONE);
    }

    /** A path or URL to be sent: the groups go in percent-encoded, as the part of the URL demands in which they stand. */
    String url(Template template) {
        return expand(template, Encoding.URL);
    }

    private String expand(Template template, Encoding encoding) {
        StringBuilder text = new StringBuilder(template.literals().get(0));
        boolean inQuery = text.indexOf("?") >= 0;
        for (int i = 0; i < template.names().size(); i++) {
            String group = groups.get(Integer.parseInt(template.names().get(i)) - 1);
            String literal = template.literals().get(i + 1);
            text.append(encoding == Encoding.NONE ? group : inQuery ? UrlText.query(group) : UrlText.path(group));
            text.append(literal);
            inQuery |= literal.indexOf('?') >= 0;
        }
        return text.toString();
    }

    private enum Encoding {
        NONE,
        URL
    }
}
