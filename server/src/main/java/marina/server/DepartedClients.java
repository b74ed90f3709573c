package marina.server;

import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpChannelState.ChannelRequest;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up the requests of clients of HTTP/1.1 that have left: Jetty does not read from a connection while it waits for the
 * answer to a request, and so does not notice. Whoever has ended only its half of the connection counts as gone too, as for
 * other proxies, but not while its answer flows. Looks at all connections now and then instead of keeping a timer for each
 * request. One look at a time.
 */
final class DepartedClients {
    private static final Logger LOG = LoggerFactory.getLogger(DepartedClients.class);

    private final Optional<Hangups> hangups;
    private IdentityHashMap<GuardedRequest, Long> suspects = new IdentityHashMap<>();

    DepartedClients(Optional<Hangups> hangups) {
        this.hangups = hangups;
    }

    /** Gives up the requests whose client was gone at the last look too, if nothing has been sent to it since. */
    void sweep(Collection<AbstractConnector> connectors) {
        if (hangups.isEmpty()) {
            return;
        }
        List<Waiting> waiting = new ArrayList<>();
        List<SocketChannel> sockets = new ArrayList<>();
        for (AbstractConnector connector : connectors) {
            for (EndPoint endPoint : connector.getConnectedEndPoints()) {
                Waiting one = waiting(endPoint);
                if (one != null && endPoint.getTransport() instanceof SocketChannel socket) {
                    waiting.add(one);
                    sockets.add(socket);
                }
            }
        }
        IdentityHashMap<GuardedRequest, Long> found = new IdentityHashMap<>();
        for (int position : hangups.get().among(sockets)) {
            judge(waiting.get(position), found);
        }
        suspects = found;
    }

    private static @Nullable Waiting waiting(EndPoint endPoint) {
        Connection connection = endPoint.getConnection();
        if (connection instanceof SslConnection tls) {
            connection = tls.getSslEndPoint().getConnection();
        }
        if (!(connection instanceof HttpConnection http)
                || !(http.getHttpChannel().getRequest() instanceof ChannelRequest request)) {
            return null;
        }
        GuardedRequest guarded = Request.as(request.getLoggedRequest(), GuardedRequest.class);
        return guarded != null && guarded.isWatched() ? new Waiting(endPoint, http, guarded) : null;
    }

    private void judge(Waiting one, IdentityHashMap<GuardedRequest, Long> found) {
        long sent = one.http.getBytesOut();
        boolean flows = one.endPoint instanceof AbstractEndPoint socket
                && socket.getWriteFlusher().isPending();
        if (!flows && Long.valueOf(sent).equals(suspects.get(one.request))) {
            one.giveUp();
        } else {
            found.put(one.request, sent);
        }
    }

    /** A request that is being answered. */
    private record Waiting(EndPoint endPoint, HttpConnection http, GuardedRequest request) {

        /** Closes first: a client that can still read is not to take an error for its answer. */
        void giveUp() {
            LOG.debug("Given up for {}, which has left: {}", endPoint.getRemoteSocketAddress(), request.getHttpURI());
            endPoint.close();
            try {
                http.getConnector().getExecutor().execute(() -> request.left(new EofException("the client has left")));
            } catch (RejectedExecutionException e) {
                LOG.debug("The server is stopping and ends all requests itself", e);
            }
        }
    }
}
