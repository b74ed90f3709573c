package marina.proxy;

import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A client's wish to change the protocol, in one of its two forms; the backend is always asked in the first.
 *
 * @param protocol the protocol as the client named it
 * @param extended extended CONNECT over HTTP/2 (RFC 8441) and not Upgrade of HTTP/1.1 (RFC 9110 section 7.8)
 */
record Upgrade(String protocol, boolean extended) {

    private static final int WEBSOCKET_KEY_BYTES = 16;

    /** The upgrade that a request asks for, or null. */
    static @Nullable Upgrade of(Request request) {
        if (HttpMethod.CONNECT.is(request.getMethod())) {
            var tunnel = request.getTunnelSupport();
            return tunnel != null && tunnel.getProtocol() != null ? new Upgrade(tunnel.getProtocol(), true) : null;
        }
        HttpFields headers = request.getHeaders();
        String protocol = headers.get(HttpHeader.UPGRADE);
        if (protocol == null
                || request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1
                || !headers.contains(HttpHeader.CONNECTION, HttpHeaderValue.UPGRADE.asString())) {
            return null;
        }
        // HTTP/2 is spoken with the server itself and not with its backends.
        return protocol.regionMatches(true, 0, "h2c", 0, 3) ? null : new Upgrade(protocol, false);
    }

    boolean isWebSocket() {
        return "websocket".equalsIgnoreCase(protocol);
    }

    String backendMethod(String clientMethod) {
        return extended ? HttpMethod.GET.asString() : clientMethod;
    }

    void addTo(HttpFields.Mutable backendFields) {
        backendFields.put(HttpHeader.CONNECTION, HttpHeaderValue.UPGRADE.asString());
        backendFields.put(HttpHeader.UPGRADE, protocol);
        if (extended && isWebSocket()) {
            // RFC 8441 section 5.1: the key has no place in HTTP/2, while HTTP/1.1 demands one.
            byte[] key = new byte[WEBSOCKET_KEY_BYTES];
            ThreadLocalRandom.current().nextBytes(key);
            backendFields.put("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(key));
        }
    }

    int clientStatus() {
        return extended ? HttpStatus.OK_200 : HttpStatus.SWITCHING_PROTOCOLS_101;
    }

    /** Completes the head of the answer that accepts the upgrade. */
    void accept(HttpFields backend, HttpFields.Mutable client) {
        if (extended) {
            client.remove("Sec-WebSocket-Accept");
            return;
        }
        HttpField chosen = backend.getField(HttpHeader.UPGRADE);
        client.put(HttpHeader.CONNECTION, "Upgrade");
        client.put(HttpHeader.UPGRADE, chosen == null ? protocol : chosen.getValue());
    }

    EndPoint clientEndPoint(Request request) {
        return extended
                ? request.getTunnelSupport().getEndPoint()
                : request.getConnectionMetaData().getConnection().getEndPoint();
    }
}
