package marina.server;

import marina.cable.Cable;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Keeps the control socket, the port for broadcasts and the addresses apart: a handler for each. */
final class ByConnector extends Handler.Wrapper {
    private final Request.Handler control;
    private final Cable cable;

    ByConnector(Handler root, Request.Handler control, Cable cable) {
        super(root);
        this.control = control;
        this.cable = cable;
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
        return Connectors.CONTROL.equals(connector)
                ? control.handle(request, response, callback)
                : super.handle(request, response, callback);
    }
}
