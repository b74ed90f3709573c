package marina.proxy;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;

/**
 * What a backend is told of the client's side of an exchange.
 *
 * @param address the client's address without brackets
 * @param scheme {@code http} or {@code https}, as the client sees it
 * @param authority host and, when not the default, port, as the client named them: the Host field
 * @param port the port that the client connected to
 */
record ClientView(String address, String scheme, String authority, int port) {

    /** Reads the request after the customizers of the connector have had their say on remote address and scheme. */
    static ClientView of(Request request) {
        HttpURI uri = request.getHttpURI();
        String scheme = uri.getScheme() != null ? uri.getScheme() : request.isSecure() ? "https" : "http";
        return new ClientView(
                withoutBrackets(Request.getRemoteAddr(request)),
                scheme,
                authority(request, uri),
                Request.getServerPort(request));
    }

    private static String authority(Request request, HttpURI uri) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (host != null && !host.isEmpty()) {
            return host;
        }
        // HTTP/2 has :authority instead of Host; HTTP/1.0 may have neither.
        String authority = uri.getAuthority();
        return authority != null && !authority.isEmpty()
                ? authority
                : Request.getServerName(request) + ":" + Request.getServerPort(request);
    }

    private static String withoutBrackets(String address) {
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }
}
