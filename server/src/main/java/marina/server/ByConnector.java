package marina.server;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Keeps the control socket and the addresses apart: a handler for each. */
final class ByConnector extends Handler.Wrapper {
    private final Request.Handler control;

    ByConnector(Handler root, Request.Handler control) {
        super(root);
        this.control = control;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String connector = request.getConnectionMetaData().getConnector().getName();
        return Connectors.CONTROL.equals(connector)
                ? control.handle(request, response, callback)
                : super.handle(request, response, callback);
    }
}
