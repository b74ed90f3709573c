package marina.login;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * A request without the cookies of logins: no application, whether it runs here or elsewhere, gets to see what it could pass for
 * its user with. Only this package can still read them.
 */
public final class HiddenCookies extends Request.Wrapper {
    private final HttpFields fields;
    private final List<Cookie> hidden;

    private HiddenCookies(Request request, HttpFields fields, List<Cookie> hidden) {
        super(request);
        this.fields = fields;
        this.hidden = List.copyOf(hidden);
    }

    /**
     * The request without the cookies of these names, or the request itself when it has none of them.
     *
     * @param names as in the configuration, without the prefixes that make a cookie safer
     */
    public static Request hide(Request request, Set<String> names) {
        if (names.isEmpty() || !request.getHeaders().contains(HttpHeader.COOKIE)) {
            return request;
        }
        List<Cookie> hidden = new ArrayList<>();
        HttpFields.Mutable fields = HttpFields.build();
        for (HttpField field : request.getHeaders()) {
            if (field.getHeader() != HttpHeader.COOKIE || field.getValue() == null) {
                fields.add(field);
                continue;
            }
            String rest = without(field.getValue(), names, hidden);
            if (!rest.isEmpty()) {
                fields.add(HttpHeader.COOKIE, rest);
            }
        }
        return hidden.isEmpty() ? request : new HiddenCookies(request, fields.asImmutable(), hidden);
    }

    /** The values that a request has for a cookie, which may be there for several paths. */
    static List<String> values(Request request, String name) {
        List<String> values = new ArrayList<>();
        HiddenCookies layer = Request.as(request, HiddenCookies.class);
        while (layer != null) {
            layer.hidden.stream()
                    .filter(cookie -> cookie.name.equals(name))
                    .map(Cookie::value)
                    .forEach(values::add);
            layer = Request.as(layer.getWrapped(), HiddenCookies.class);
        }
        return values;
    }

    @Override
    public HttpFields getHeaders() {
        return fields;
    }

    private static String without(String field, Set<String> names, List<Cookie> hidden) {
        StringBuilder rest = new StringBuilder();
        for (String part : field.split(";", -1)) {
            int equals = part.indexOf('=');
            String name = (equals < 0 ? part : part.substring(0, equals)).strip();
            if (names.contains(LoginCookies.family(name))) {
                hidden.add(new Cookie(
                        name, equals < 0 ? "" : part.substring(equals + 1).strip()));
            } else if (!part.isBlank()) {
                rest.append(rest.length() == 0 ? "" : "; ").append(part.strip());
            }
        }
        return rest.toString();
    }

    private record Cookie(String name, String value) {
        @Override
        public String toString() {
            return name;
        }
    }
}
