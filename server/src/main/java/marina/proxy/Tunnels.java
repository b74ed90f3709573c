package marina.proxy;

import java.time.Duration;
import marina.connection.Answer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/** Tells a client of its backend's 101, and then hands both connections to a tunnel. */
final class Tunnels {
    private Tunnels() {}

    /**
     * Opens one.
     *
     * @param asked the upgrade that the client wants
     * @param ping how often the sides of a WebSocket are pinged; zero for never
     */
    static void open(
            Forwarder forwarder, ClientSide client, Upgrade asked, Duration ping, Answer answer, EndPoint backend) {
        UpgradeTunnel tunnel = forwarder.newTunnel(
                asked.clientEndPoint(client.request()), backend, asked.isWebSocket(), ping, client.end());
        client.response().setStatus(asked.clientStatus());
        ForwardedHeaders.toClient(answer.fields(), client.response().getHeaders());
        asked.accept(answer.fields(), client.response().getHeaders());
        client.watch().answered(answer.status(), client.response().getHeaders());
        client.request().setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, tunnel.fromClient());
        Callback written = Callback.from(
                InvocationType.NON_BLOCKING,
                () -> {
                    client.end().tunnelOpened();
                    backend.upgrade(tunnel.fromBackend());
                },
                failure -> {
                    backend.close();
                    tunnel.end();
                    client.end().failed(failure);
                });
        // The stream of HTTP/2 stays open after the head; that of HTTP/1.1 ends with it and becomes the tunnel.
        client.response().write(!asked.extended(), null, written);
    }
}
