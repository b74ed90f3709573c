package marina.connection;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * All connections to backends. A call runs on the selector of the client that it is made for, so that an exchange goes through one thread and
 * wakes no other. Thread-safe; never blocks.
 */
public final class BackendConnections extends AbstractLifeCycle {
    private static final long LOOK_MILLIS = 100;
    private static final long LONGEST_RESOLVE_MILLIS = 15_000;

    /** Who waits that long on a new connection may be waiting for the end of an older one. */
    private static final long PATIENCE_MILLIS = 200;

    private final Server server;
    private final Duration pooled;
    private final Loops loops = new Loops();
    private final SocketAddressResolver resolver;
    private final SslContextFactory.Client tls;
    private final AtomicBoolean looking = new AtomicBoolean();

    /** Backends at which somebody waits for the first word on a new connection, and since when the youngest of these is open. */
    private volatile Map<URI, Long> waiting = Map.of();

    /**
     * Uses the server's threads, scheduler and buffers.
     *
     * @param tls for backends that speak TLS; its owner starts it
     * @param pooled how long a connection waits for its next use
     */
    public BackendConnections(Server server, SslContextFactory.Client tls, Duration pooled) {
        this.server = server;
        this.tls = tls;
        this.pooled = pooled;
        this.resolver =
                new SocketAddressResolver.Async(server.getThreadPool(), server.getScheduler(), LONGEST_RESOLVE_MILLIS);
    }

    /**
     * Makes a call.
     *
     * @param client whose selector serves it
     * @param origin {@code http://host:port}, {@code https://host:port}, or {@code unix:} with the path of a socket
     */
    public void make(Call call, Request client, URI origin) {
        Loop loop = loops.of(client);
        BackendConnection free = loop.take(origin);
        if (free != null) {
            free.run(call);
        } else {
            Connecting connecting = new Connecting(this, loop, origin, call);
            call.awaits(connecting);
            connecting.begin();
        }
    }

    /** Closes those that nobody uses, because their other ends may have forgotten them. */
    public void closeIdle() {
        loops.all().forEach(loop -> loop.all().forEach(BackendConnection::closeIfIdle));
    }

    @Override
    protected void doStop() {
        loops.all().forEach(loop -> loop.all().forEach(Connection::close));
    }

    /** Opens a connection on a socket that stands, for its first call. */
    void open(SocketChannelEndPoint socket, Loop loop, URI origin, Call call) throws IOException {
        Connection connection;
        BackendConnection http;
        if (Origins.isTls(origin)) {
            Map<String, Object> context = new HashMap<>();
            context.put(
                    ClientConnector.REMOTE_SOCKET_ADDRESS_CONTEXT_KEY,
                    InetSocketAddress.createUnresolved(Origins.host(origin), Origins.port(origin)));
            BackendConnection[] made = new BackendConnection[1];
            connection = new SslClientConnectionFactory(
                            tls,
                            buffers(),
                            server.getThreadPool(),
                            (endPoint, unused) -> made[0] = new BackendConnection(this, endPoint, socket, loop, origin))
                    .newConnection(socket, context);
            http = made[0];
            ((SslConnection) connection).addHandshakeListener(http);
        } else {
            http = new BackendConnection(this, socket, socket, loop, origin);
            connection = http;
        }
        socket.setConnection(connection);
        loop.opened(http);
        socket.onOpen();
        http.prepare(call);
        connection.onOpen();
        look();
    }

    void resolve(String host, int port, Promise<List<InetSocketAddress>> promise) {
        resolver.resolve(host, port, Map.of(), promise);
    }

    ByteBufferPool buffers() {
        return server.getByteBufferPool();
    }

    Scheduler scheduler() {
        return server.getScheduler();
    }

    Server server() {
        return server;
    }

    /** As long as there are connections, somebody looks after their time: one task for all, and none per exchange. */
    private void look() {
        if (looking.compareAndSet(false, true)) {
            scheduler().schedule(this::lookNow, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void lookNow() {
        looking.set(false);
        List<BackendConnection> all =
                loops.all().stream().flatMap(loop -> loop.all().stream()).toList();
        Map<URI, Long> found = new HashMap<>();
        for (BackendConnection connection : all) {
            connection.look(pooled);
            if (connection.hasWaited(PATIENCE_MILLIS)) {
                found.merge(connection.origin(), connection.opened(), (a, b) -> a - b > 0 ? a : b);
            }
        }
        waiting = found.isEmpty() ? Map.of() : found;
        if (!found.isEmpty()) {
            all.stream().filter(this::isInTheWay).forEach(BackendConnection::closeIfIdle);
        }
        if (!all.isEmpty() && isRunning()) {
            look();
        }
    }

    /**
     * Whether this connection, when it is not used, has to make room for others. A backend with few threads, such as Puma before 7, takes no new
     * connection as long as each of its threads has one on which the next request comes at once; so those that are older than one on which
     * somebody waits are closed after the answer that they are at. One that has been opened since waits behind it.
     */
    boolean isInTheWay(BackendConnection connection) {
        Long since = waiting.get(connection.origin());
        return since != null && connection.opened() - since < 0;
    }
}
