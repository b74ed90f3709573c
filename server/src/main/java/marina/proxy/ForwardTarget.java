package marina.proxy;

import java.net.URI;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Where exchanges of a context, or of a route, go.
 *
 * @param origin scheme, host and port, a path is ignored; or the {@code unix:} with the path of a socket
 * @param strip leading part of the request path that is taken away, without trailing slash; empty for none
 * @param prepend what is put before the path instead, without trailing slash; empty for none
 * @param contextPath sent as X-Forwarded-Prefix when {@code strip} is not empty
 * @param policy how they are led
 */
public record ForwardTarget(URI origin, String strip, String prepend, String contextPath, ForwardPolicy policy) {

    /** Refuses an origin that names no host, because every request would fail with a less helpful message. */
    public ForwardTarget {
        if (!BackendAddress.isValid(origin)) {
            throw new IllegalArgumentException("\"" + origin
                    + "\" is not the address of a backend; write e.g. http://127.0.0.1:9000 or unix:/run/app.sock");
        }
    }

    /** With the usual policy. */
    public ForwardTarget(URI origin, String strip, String prepend, String contextPath) {
        this(origin, strip, prepend, contextPath, ForwardPolicy.USUAL);
    }

    /** The same target with another policy. */
    public ForwardTarget with(ForwardPolicy other) {
        return new ForwardTarget(origin, strip, prepend, contextPath, other);
    }

    /** Passes paths on unchanged. */
    public static ForwardTarget to(URI origin) {
        return new ForwardTarget(origin, "", "", "");
    }

    /**
     * The path that the backend is asked for: the client's bytes as they came, after strip and prepend. Only a path
     * with dot segments, or one that spells the stripped part in another way ({@code /s%61m}), is sent in its canonical
     * form, so that the backend sees the same resource that the context was chosen (and guarded) by.
     *
     * @param spelling the path as the client wrote it
     */
    String backendPath(HttpURI clientUri, @Nullable String spelling) {
        String raw = spelling;
        if (raw == null || raw.isEmpty()) {
            raw = "/";
        } else if (!raw.startsWith("/")) {
            return raw; // the asterisk of OPTIONS, RFC 9112 section 3.2.4
        }
        String path = hasDotSegment(raw) || !leads(raw) ? canonical(clientUri, raw) : raw;
        String rest = leads(path) ? path.substring(strip.length()) : path;
        int first = 0;
        while (first < rest.length() && rest.charAt(first) == '/') {
            first++; // "//host/x" means another thing to some parsers
        }
        return prepend + "/" + rest.substring(first);
    }

    /** The fields that the backend gets, but for those of an upgrade. */
    HttpFields.Mutable backendFields(Request clientRequest) {
        ClientView client = ClientView.of(clientRequest);
        HttpFields.Mutable fields =
                ForwardedHeaders.toBackend(clientRequest.getHeaders(), client, strip.isEmpty() ? "" : contextPath);
        if (policy.files() != NamedFiles.NONE) {
            fields.add("X-Sendfile-Type", "X-Sendfile"); // Rack names files only where it is told to
        }
        HeadChanges.toBackend(clientRequest).apply(fields, () -> client);
        policy.fields().apply(fields, () -> client);
        return fields;
    }

    private boolean leads(String path) {
        return path.startsWith(strip)
                && (path.length() == strip.length()
                        || "/;".indexOf(path.charAt(strip.length())) >= 0
                        || strip.isEmpty());
    }

    private static String canonical(HttpURI uri, String raw) {
        String canonical = uri.getCanonicalPath();
        return canonical == null || canonical.isEmpty() ? raw : CanonicalPath.encode(canonical);
    }

    private static boolean hasDotSegment(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            int end = slash + 1;
            int dots = 0;
            while (end < path.length() && dotLength(path, end) > 0) {
                end += dotLength(path, end);
                dots++;
            }
            boolean ends = end == path.length() || path.charAt(end) == '/' || path.charAt(end) == ';';
            if (ends && (dots == 1 || dots == 2)) {
                return true;
            }
        }
        return false;
    }

    private static int dotLength(String path, int at) {
        if (path.charAt(at) == '.') {
            return 1;
        }
        return path.regionMatches(true, at, "%2e", 0, 3) ? 3 : 0;
    }
}
