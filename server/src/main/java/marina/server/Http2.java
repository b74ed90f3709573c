package marina.server;

import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/** HTTP/2 with TLS, whose answers are gathered where the whole server does not block. Thread-safe. */
final class Http2 extends HTTP2ServerConnectionFactory {
    Http2(HttpConfiguration http) {
        super(http);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return super.newConnection(connector, gathering(connector, endPoint));
    }

    /** The end point that gathers answers above another one; that one itself where threads may block, or the selector is not known. */
    static EndPoint gathering(Connector connector, EndPoint endPoint) {
        ManagedSelector selector = ClientSocket.selectorOf(endPoint);
        return selector == null || connector.getServer().getInvocationType() != InvocationType.NON_BLOCKING
                ? endPoint
                : new GatheringEndPoint(endPoint, selector, connector);
    }
}
