package marina.proxy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
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

    /** The same for the names that Jetty knows: what most requests and answers have is a bit, and no text to be compared. */
    private static final Set<HttpHeader> KNOWN_END_TO_END = known(ForwardedHeaders::isEndToEnd);

    private static final Set<HttpHeader> KNOWN_TO_CLIENT = known(ForwardedHeaders::isForAnyClient);

    private ForwardedHeaders() {}

    private static Set<HttpHeader> known(Predicate<String> policy) {
        Set<HttpHeader> allowed = EnumSet.allOf(HttpHeader.class);
        allowed.removeIf(header -> !policy.test(header.lowerCaseName()));
        return allowed;
    }

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
        ForwardedFields.of(view).forEach(fields::add);
        if (!prefix.isEmpty()) {
            fields.add("X-Forwarded-Prefix", prefix);
        }
        if (!view.user().isEmpty()) {
            fields.add("Remote-User", view.user()).add("X-Remote-User", view.user());
        }
        return fields.add(RequestId.field(client));
    }

    /** What a client may tell whoever answers, without what is for one connection only. */
    static List<HttpField> endToEnd(HttpFields client) {
        Set<String> named = namedByConnection(client);
        List<HttpField> fields = new ArrayList<>(client.size());
        for (HttpField field : client) {
            if (isEndToEnd(field) && !named.contains(field.getLowerCaseName())) {
                fields.add(field);
            }
        }
        return fields;
    }

    /** Copies the fields of the backend's answer; Date and Server replace those that the server has set. */
    static void toClient(HttpFields backend, HttpFields.Mutable client) {
        Set<String> named = namedByConnection(backend);
        for (HttpField field : backend) {
            if (!isForClient(field, client) || named.contains(field.getLowerCaseName())) {
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

    private static boolean isForClient(HttpField field, HttpFields client) {
        HttpHeader known = field.getHeader();
        if (known != null) {
            return KNOWN_TO_CLIENT.contains(known);
        }
        String name = field.getLowerCaseName();
        boolean told = name.equals(RequestId.LOWER_CASE) && client.contains(RequestId.FIELD);
        return isForAnyClient(name) && !told;
    }

    private static boolean isForAnyClient(String name) {
        return !HOP_BY_HOP.contains(name) && !FILE_NAMES.contains(name);
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

    private static boolean isEndToEnd(HttpField field) {
        HttpHeader known = field.getHeader();
        return known == null ? isEndToEnd(field.getLowerCaseName()) : KNOWN_END_TO_END.contains(known);
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

    /** What names no field that would not be taken out anyway. */
    private static boolean isOfConnectionOnly(@Nullable String options) {
        return options == null || options.equalsIgnoreCase("keep-alive") || options.equalsIgnoreCase("close");
    }

    private static Set<String> namedByConnection(HttpFields fields) {
        boolean names = false;
        for (HttpField field : fields) {
            names |= field.getHeader() == HttpHeader.CONNECTION && !isOfConnectionOnly(field.getValue());
        }
        if (!names) {
            return Set.of();
        }
        Set<String> named = new HashSet<>();
        for (String name : fields.getCSV(HttpHeader.CONNECTION, false)) {
            named.add(name.toLowerCase(Locale.ENGLISH));
        }
        return named;
    }
}
