package marina.server;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/** The connections of HTTP/1.1 that wait for a next request, or for a first one. */
final class IdleConnections {
    /** A WebSocket of a WAR that is silent for so long is closed with status 1001. */
    private static final long WEBSOCKET_IDLE_MILLIS = 200;

    private IdleConnections() {}

    /**
     * Closes them. Those with a request in flight close by themselves when the connector has been shut down, those of
     * HTTP/2 when their streams have ended.
     */
    static void close(Connector connector) {
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            Connection connection = endPoint.getConnection();
            if (connection instanceof SslConnection ssl) {
                connection = ssl.getSslEndPoint().getConnection();
            }
            if (connection instanceof WebSocketConnection webSocket) {
                webSocket.getEndPoint().setIdleTimeout(WEBSOCKET_IDLE_MILLIS);
            }
            boolean idle = connection instanceof HttpConnection http
                    && http.getHttpChannel().getRequest() == null;
            if (idle || connection instanceof NegotiatingServerConnection) {
                connection.close();
            }
        }
    }
}
