package marina.server;

import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/** The connections without a request in flight. */
final class IdleConnections {
    /** A WebSocket of a WAR that is silent for so long is closed with status 1001. */
    private static final long WEBSOCKET_IDLE_MILLIS = 200;

    private IdleConnections() {}

    /**
     * Closes those of HTTP/1.1. One with a request in flight closes by itself when its connector has been shut down; of
     * HTTP/2, when its streams have ended and the client has taken GOAWAY for an answer.
     */
    static void close(Connector connector) {
        each(connector, connection -> {
            if (connection instanceof WebSocketConnection webSocket) {
                webSocket.getEndPoint().setIdleTimeout(WEBSOCKET_IDLE_MILLIS);
            }
            boolean idle = connection instanceof HttpConnection http
                    && http.getHttpChannel().getRequest() == null;
            if (idle || connection instanceof NegotiatingServerConnection) {
                connection.close();
            }
        });
    }

    /** Tells WebSockets of WARs that are never silent, games for instance, that the server goes: status 1001. */
    static void closeTalking(Connector connector) {
        each(connector, connection -> {
            if (connection instanceof WebSocketConnection webSocket) {
                webSocket.onIdleExpired(new TimeoutException("the server stops"));
            }
        });
    }

    /** Closes those of HTTP/2 whose clients do not end them in spite of GOAWAY. */
    static void closeHttp2(Connector connector) {
        each(connector, connection -> {
            if (connection instanceof HTTP2Connection http2
                    && http2.getSession().getStreams().isEmpty()) {
                http2.getEndPoint().close();
            }
        });
    }

    private static void each(Connector connector, Consumer<Connection> action) {
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            Connection connection = endPoint.getConnection();
            if (connection instanceof SslConnection ssl) {
                connection = ssl.getSslEndPoint().getConnection();
            }
            if (connection != null) {
                action.accept(connection);
            }
        }
    }
}
