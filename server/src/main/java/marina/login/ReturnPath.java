package marina.login;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.jspecify.annotations.Nullable;

/** Where somebody goes after the login: a path of this server, and nowhere else. Pure. */
final class ReturnPath {
    /** Of the query parameter and of the form's field. */
    static final String NAME = "return";

    private static final int LONGEST = 2_000;

    private ReturnPath() {}

    /** {@code ?return=…} for the request, empty when its target is too long to be remembered. */
    static String query(Request request) {
        String target = request.getHttpURI().getPathQuery();
        return target != null && canonical(target) != null
                ? "?" + NAME + "=" + URLEncoder.encode(target, StandardCharsets.UTF_8)
                : "";
    }

    /** A parameter of the request's query; null when it is not there once. */
    static @Nullable String parameter(Request request, String name) {
        String query = request.getHttpURI().getQuery();
        if (query == null) {
            return null;
        }
        try {
            Fields fields = new Fields();
            UrlEncoded.decodeUtf8To(query, fields);
            Fields.Field field = fields.get(name);
            return field == null || field.hasMultipleValues() ? null : field.getValue();
        } catch (RuntimeException e) {
            return null; // not percent-encoded as it should be
        }
    }

    /**
     * The canonical path of a target with or without a query; null when it is not a path of this server and nothing else. Browsers take {@code //host}, {@code /\host} and either with tabs in it for another server. A host and a scheme cannot
     * follow a single slash.
     */
    static @Nullable String canonical(String target) {
        boolean plain = target.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\' && c != '#');
        if (!plain || target.length() > LONGEST || !target.startsWith("/") || target.startsWith("//")) {
            return null;
        }
        try {
            HttpURI uri = HttpURI.from(target);
            String path = uri.getCanonicalPath();
            boolean local = uri.getScheme() == null && uri.getHost() == null;
            return local && path != null && !path.startsWith("//") ? path : null;
        } catch (RuntimeException e) {
            return null;
        }
    }
}
