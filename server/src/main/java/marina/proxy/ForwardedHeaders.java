package marina.proxy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Header policy of forwarding, the same for plain and upgraded exchanges. Pure.
 *
 * <p>To the backend: hop-by-hop fields (RFC 9110 section 7.6.1) go, those named by Connection included; what tells of
 * the client (X-Forwarded-*, Forwarded) is set here and never taken from the client; names that a backend would take
 * for the identity of a user go. Names are compared with {@code _} read as {@code -}, because CGI, WSGI and Rack do not
 * tell the two apart. There is no Via: nothing needs it, and it makes nginx and others switch compression off.
 */
final class ForwardedHeaders {

    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** In an answer: files to be sent in its place. They are for this server and no client. */
    private static final Set<String> FILE_NAMES = Set.of("x-sendfile", "x-accel-redirect");

    private static final Set<String> OURS = Set.of(
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-proto",
            "x-forwarded-scheme",
            "x-forwarded-server",
            "x-forwarded-ssl",
            "x-real-ip",
            "x-request-id",
            "x-script-name",
            // Environment variable HTTP_PROXY of CGI programs, CVE-2016-5385.
            "proxy",
            "remote-user",
            "x-remote-user",
            "x-forwarded-user",
            "x-forwarded-email",
            "x-forwarded-groups",
            "x-forwarded-preferred-username",
            // They tell a backend to name files that this server is to send.
            "x-sendfile-type",
            "x-accel-mapping");

    /** What RFC 9110 section 6.5.1 keeps out of trailers, as far as somebody might act on it. */
    private static final Set<String> HEAD_ONLY = Set.of(
            "authorization",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "cookie",
            "expect",
            "location",
            "set-cookie");

    private ForwardedHeaders() {}

    /**
     * The fields for the backend.
     *
     * @param client the fields that the client sent
     * @param view the client's side of the exchange
     * @param prefix the path that has been stripped, empty for none
     */
    static HttpFields.Mutable toBackend(HttpFields client, ClientView view, String prefix) {
        HttpFields.Mutable fields = HttpFields.build();
        fields.add(HttpHeader.HOST, view.authority());
        endToEnd(client).forEach(fields::add);
        if (client.contains(HttpHeader.TE, "trailers")) {
            // TE itself is hop by hop, hence the Connection (RFC 9110 section 10.1.4).
            fields.add(HttpHeader.TE, "trailers").add(HttpHeader.CONNECTION, "TE");
        }
        announceTrailers(client, fields);
        fields.add("X-Forwarded-For", view.chain(", "));
        fields.add("X-Forwarded-Proto", view.scheme());
        fields.add("X-Forwarded-Host", view.authority());
        fields.add("X-Forwarded-Port", Integer.toString(view.port()));
        fields.add(HttpHeader.FORWARDED, forwarded(view));
        if (!prefix.isEmpty()) {
            fields.add("X-Forwarded-Prefix", prefix);
        }
        if (!view.user().isEmpty()) {
            fields.add("Remote-User", view.user()).add("X-Remote-User", view.user());
        }
        return fields.add(RequestId.FIELD, RequestId.of(client.get(RequestId.FIELD)));
    }

    /** What a client may tell whoever answers, without what is for one connection only. */
    static List<HttpField> endToEnd(HttpFields client) {
        Set<String> named = namedByConnection(client);
        List<HttpField> fields = new ArrayList<>(client.size());
        for (HttpField field : client) {
            if (isEndToEnd(field.getLowerCaseName()) && !named.contains(field.getLowerCaseName())) {
                fields.add(field);
            }
        }
        return fields;
    }

    /** Copies the fields of the backend's answer; Date and Server replace those that the server has set. */
    static void toClient(HttpFields backend, HttpFields.Mutable client) {
        Set<String> named = namedByConnection(backend);
        for (HttpField field : backend) {
            String name = field.getLowerCaseName();
            boolean told = name.equals("x-request-id") && client.contains(RequestId.FIELD);
            if (HOP_BY_HOP.contains(name) || FILE_NAMES.contains(name) || named.contains(name) || told) {
                continue;
            }
            if (field.getHeader() == HttpHeader.DATE || field.getHeader() == HttpHeader.SERVER) {
                client.put(field);
            } else {
                client.add(field);
            }
        }
        announceTrailers(backend, client);
    }

    /** Trailers to be passed on, in either direction: those that cannot be taken for a part of the head. */
    static @Nullable HttpFields trailers(@Nullable HttpFields trailers) {
        if (trailers == null) {
            return null;
        }
        HttpFields.Mutable fields = HttpFields.build();
        for (HttpField field : trailers) {
            if (isTrailer(field.getLowerCaseName())) {
                fields.add(field);
            }
        }
        return fields;
    }

    private static void announceTrailers(HttpFields from, HttpFields.Mutable to) {
        if (from.contains(HttpHeader.TRAILER)) {
            String names = from.getCSV(HttpHeader.TRAILER, false).stream()
                    .filter(name -> isTrailer(name.toLowerCase(Locale.ENGLISH)))
                    .collect(Collectors.joining(", "));
            if (!names.isEmpty()) {
                to.add(HttpHeader.TRAILER, names);
            }
        }
    }

    private static boolean isTrailer(String name) {
        return isEndToEnd(name) && !HEAD_ONLY.contains(name);
    }

    /** Whether a client may tell a backend this; {@code Content_Length} and the like are spelt to deceive. */
    private static boolean isEndToEnd(String name) {
        String read = name.replace('_', '-');
        boolean disguised = !read.equals(name) && HttpHeader.CACHE.get(read) != null;
        return !disguised && !HOP_BY_HOP.contains(read) && !OURS.contains(read) && !read.equals("host");
    }

    /** Whether a field, named in lower case, is for the server to set and not for a client. */
    static boolean isOurs(String name) {
        return OURS.contains(name.indexOf('_') < 0 ? name : name.replace('_', '-'));
    }

    private static Set<String> namedByConnection(HttpFields fields) {
        if (!fields.contains(HttpHeader.CONNECTION)) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        for (String name : fields.getCSV(HttpHeader.CONNECTION, false)) {
            names.add(name.toLowerCase(Locale.ENGLISH));
        }
        return names;
    }

    /** RFC 7239: an IPv6 address is in brackets, what holds a colon is quoted, and a Unix socket has no address. */
    private static String forwarded(ClientView view) {
        String host = HttpField.PARAMETER_TOKENIZER.quote(view.authority());
        StringBuilder elements = new StringBuilder("for=" + node(view.address()));
        elements.append(";host=").append(host).append(";proto=").append(view.scheme());
        view.hops().forEach(hop -> elements.append(", for=").append(node(hop)));
        return elements.toString();
    }

    private static String node(String address) {
        if (address.equals("unix:")) {
            return "unknown";
        }
        return address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
    }
}
