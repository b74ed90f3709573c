package marina.proxy;

import java.io.IOException;
import java.net.ServerSocket;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/** A well-behaved backend with a handler of the test's own. */
final class JettyBackend implements AutoCloseable {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);

    private JettyBackend(Request.Handler handler) throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                return handler.handle(request, response, callback);
            }
        });
        server.start();
    }

    static JettyBackend with(Request.Handler handler) throws Exception {
        return new JettyBackend(handler);
    }

    /** Says what it was asked. */
    static JettyBackend echo() throws Exception {
        return with((request, response, callback) -> {
            String body = Content.Source.asString(request);
            String said = request.getMethod() + " " + request.getHttpURI().getPathQuery() + " " + body;
            Content.Sink.write(response, true, said, callback);
            return true;
        });
    }

    static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
