package marina.proxy;

import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** Waits for the backend's 101 and then hands both connections to a tunnel. */
final class TunnelUpgrader implements HttpUpgrader {

    private final ForwardedExchange exchange;

    TunnelUpgrader(ForwardedExchange exchange) {
        this.exchange = exchange;
    }

    /** Nothing to prepare: the header policy has set the fields of the upgrade. */
    @Override
    public void prepare(Request request) {}

    @Override
    public void upgrade(Response response, EndPoint backend, Callback callback) {
        exchange.switchProtocols(response, backend, callback);
    }
}
