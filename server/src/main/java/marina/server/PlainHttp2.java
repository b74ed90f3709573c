package marina.server;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 without TLS. A client may begin with it, or offer it with a request of HTTP/1.1 ({@code Upgrade: h2c}); Java's own client
 * does with the first request of each connection. A request with a body stays one of HTTP/1.1: the body comes in that form, and
 * Jetty would lose one in chunks, for it only looks for a length. A server may always ignore the offer (RFC 9110 section 7.8),
 * which RFC 9113 section 3.1 has made obsolete. Thread-safe.
 */
final class PlainHttp2 extends HTTP2CServerConnectionFactory {
    PlainHttp2(HttpConfiguration http) {
        super(http);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return super.newConnection(connector, Http2.gathering(connector, endPoint));
    }

    @Override
    public @Nullable Connection upgradeConnection(
            Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable response) {
        return request.getHttpFields().contains(HttpHeader.TRANSFER_ENCODING)
                ? null
                : super.upgradeConnection(connector, endPoint, request, response);
    }
}
