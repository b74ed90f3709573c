package marina.proxy;

import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request as applications of every kind may see them: without those that tell of the client, which the
 * server finds out itself, and without those that claim to be a user. Pure.
 */
public final class ClientFields {
    private static final String HOPS = ClientFields.class.getName() + ".hops";

    private ClientFields() {}

    /**
     * Cleans the fields of a request.
     *
     * @param requestId the id that it has got
     * @param host replaces the Host field when it is not null
     */
    public static HttpFields clean(HttpFields client, HttpField requestId, @Nullable String host) {
        HttpFields.Mutable fields = HttpFields.build(client.size() + 1);
        for (HttpField field : client) {
            if (!isClaim(field) && !(host != null && field.getHeader() == HttpHeader.HOST)) {
                fields.add(field);
            }
        }
        if (host != null) {
            fields.add(HttpHeader.HOST, host);
        }
        return fields.add(requestId);
    }

    /**
     * The fields of a request that are for whoever answers it: neither those of one connection nor those that only the
     * server may set. Host is none of them.
     */
    public static List<HttpField> endToEnd(HttpFields client) {
        return ForwardedHeaders.endToEnd(client);
    }

    /** Copies the fields of an application's answer that are for the client. */
    public static void answer(HttpFields application, HttpFields.Mutable client) {
        ForwardedHeaders.toClient(application, client);
    }

    /** Remembers the trusted proxies between the client and this server, the nearest to the client first. */
    public static void keepHops(Request request, List<String> addresses) {
        if (!addresses.isEmpty()) {
            request.setAttribute(HOPS, List.copyOf(addresses));
        }
    }

    static List<String> hops(Request request) {
        return request.getAttribute(HOPS) instanceof List<?> hops
                ? hops.stream().map(String.class::cast).toList()
                : List.of();
    }

    private static boolean isClaim(HttpField field) {
        HttpHeader known = field.getHeader();
        if (known != null && known != HttpHeader.FORWARDED && !known.asString().startsWith("X-")) {
            return false;
        }
        return ForwardedHeaders.isOurs(field.getLowerCaseName());
    }
}
