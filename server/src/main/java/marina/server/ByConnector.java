package marina.server;

import java.util.concurrent.CompletableFuture;
import marina.cable.Cable;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Graceful;

/** Keeps the control socket, the admin listener, the port for broadcasts and the addresses apart: a handler for each. */
final class ByConnector extends Handler.Wrapper implements Graceful {
    private final Administration admin;
    private final Cable cable;
    private volatile boolean leaving;

    ByConnector(Handler root, Administration admin, Cable cable) {
        super(root);
        this.admin = admin;
        this.cable = cable;
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        leaving = true;
        admin.leave();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isShutdown() {
        return leaving;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String connector = request.getConnectionMetaData().getConnector().getName();
        if (CablePort.CONNECTOR.equals(connector)) {
            cable.broadcastWithToken(request, response, callback);
            return true;
        }
        if (Connectors.ADMIN.equals(connector)) {
            return admin.console("", request, response, callback);
        }
        return Connectors.CONTROL.equals(connector)
                ? admin.handle(request, response, callback)
                : super.handle(request, response, callback);
    }
}
