package marina.proxy;

import java.security.Principal;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/**
 * What a backend is told of the client's side of an exchange.
 *
 * @param address the client's address without brackets
 * @param scheme {@code http} or {@code https}, as the client sees it
 * @param authority host and, when not the default, port, as the client named them: the Host field
 * @param port the port that the client connected to
 * @param hops the trusted proxies between client and server, without brackets, the nearest to the client first
 * @param user who has shown a password, empty when nobody has
 */
record ClientView(String address, String scheme, String authority, int port, List<String> hops, String user) {

    /** Reads the request after the customizers of the connector have had their say on remote address and scheme. */
    static ClientView of(Request request) {
        HttpURI uri = request.getHttpURI();
        String scheme = uri.getScheme() != null ? uri.getScheme() : request.isSecure() ? "https" : "http";
        return new ClientView(
                withoutBrackets(ClientAddress.of(request)),
                scheme,
                authority(request, uri),
                Request.getServerPort(request),
                ClientFields.hops(request),
                user(request));
    }

    /** The client and all proxies since. */
    String chain(String separator) {
        return hops.isEmpty() ? address : address + separator + String.join(separator, hops);
    }

    /** A name that a field cannot carry unchanged is not told: half a name may be somebody else's. */
    private static String user(Request request) {
        Principal principal = Request.getAuthenticationState(request).getUserPrincipal();
        String name = principal == null ? null : principal.getName();
        boolean plain =
                name != null && name.equals(name.strip()) && name.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        return name != null && plain ? name : "";
    }

    private static String authority(Request request, HttpURI uri) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        String authority = uri.getAuthority();
        boolean http2 =
                request.getConnectionMetaData().getHttpVersion().getVersion() >= HttpVersion.HTTP_2.getVersion();
        // Of the two in HTTP/2, :authority is what the request was addressed to (RFC 9113 section 8.3.1).
        String first = http2 ? authority : host;
        String second = http2 ? host : authority;
        if (first != null && !first.isEmpty()) {
            return first;
        }
        // HTTP/1.0 may have neither.
        return second != null && !second.isEmpty()
                ? second
                : Request.getServerName(request) + ":" + Request.getServerPort(request);
    }

    private static String withoutBrackets(String address) {
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }
}
