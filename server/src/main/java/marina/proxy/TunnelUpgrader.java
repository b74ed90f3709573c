package marina.proxy;

import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/** Waits for the backend's 101, tells the client, and then hands both connections to a tunnel. */
final class TunnelUpgrader implements HttpUpgrader {

    private final Forwarder forwarder;
    private final ClientSide client;
    private final @Nullable Upgrade asked;
    private final Duration ping;

    /**
     * @param asked the upgrade that the client wants; null when it wants none and a 101 is a mistake of the backend
     * @param ping how often the sides of a WebSocket are pinged; zero for never
     */
    TunnelUpgrader(Forwarder forwarder, ClientSide client, @Nullable Upgrade asked, Duration ping) {
        this.forwarder = forwarder;
        this.client = client;
        this.asked = asked;
        this.ping = ping;
    }

    /** Nothing to prepare: the header policy has set the fields of the upgrade. */
    @Override
    public void prepare(Request request) {}

    @Override
    public void upgrade(Response backendResponse, EndPoint backend, Callback upgraded) {
        if (asked == null) {
            discard(backend);
            upgraded.failed(new IOException("the backend answered 101 without being asked"));
            return;
        }
        UpgradeTunnel tunnel = forwarder.newTunnel(
                asked.clientEndPoint(client.request()), backend, asked.isWebSocket(), ping, client.end());
        client.response().setStatus(asked.clientStatus());
        ForwardedHeaders.toClient(
                backendResponse.getHeaders(), client.response().getHeaders());
        asked.accept(backendResponse.getHeaders(), client.response().getHeaders());
        client.watch().answered(backendResponse.getStatus(), client.response().getHeaders());
        client.request().setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, tunnel.fromClient());
        Callback written = Callback.from(
                InvocationType.NON_BLOCKING,
                () -> {
                    client.end().tunnelOpened();
                    backend.upgrade(tunnel.fromBackend());
                    upgraded.succeeded();
                },
                failure -> {
                    discard(backend);
                    tunnel.end();
                    client.end().failed(failure);
                    upgraded.succeeded();
                });
        // The stream of HTTP/2 stays open after the head; that of HTTP/1.1 ends with it and becomes the tunnel.
        client.response().write(!asked.extended(), null, written);
    }

    private static void discard(EndPoint backend) {
        BackendRequest.releaseReadBuffer(backend.getConnection());
        backend.close();
    }
}
