package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import marina.server.Http1;
import org.awaitility.Awaitility;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** A server in front of a backend, on a port of its own, whose only handler forwards. Looks for leaks when closed. */
final class Front implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ArrayByteBufferPool.Tracking buffers = new ArrayByteBufferPool.Tracking();
    private final Server server;
    private final ServerConnector connector;
    private final Forwarder forwarder;
    private volatile ForwardTarget target;
    private volatile @Nullable ForwardTarget second;
    private final Queue<CompletableFuture<Void>> exchanges = new ConcurrentLinkedQueue<>();
    private volatile UnaryOperator<Request> customizer = UnaryOperator.identity();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private Front(ForwardTarget target, ForwardTimeouts timeouts, long clientIdleMillis, int selectors)
            throws Exception {
        this.target = target;
        QueuedThreadPool threads = new QueuedThreadPool(16);
        threads.setName("front");
        threads.setStopTimeout(1000);
        server = new Server(threads, null, buffers);
        HttpConfiguration http = new HttpConfiguration();
        connector = new ServerConnector(server, 1, selectors, new Http1(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(clientIdleMillis);
        server.addConnector(connector);
        forwarder = new Forwarder(server, this::failed, timeouts);
        server.addBean(forwarder);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                exchanges.add(forwarder.forward(Front.this.target, customizer.apply(request), response, callback));
                return true;
            }
        });
        server.start();
    }

    static Front to(int port) throws Exception {
        return to(ForwardTarget.to(uri(port)), ForwardTimeouts.DEFAULT);
    }

    static Front to(ForwardTarget target, ForwardTimeouts timeouts) throws Exception {
        return to(target, timeouts, 30_000);
    }

    static Front to(ForwardTarget target, ForwardTimeouts timeouts, long clientIdleMillis) throws Exception {
        return new Front(target, timeouts, clientIdleMillis, 1);
    }

    /** One whose clients are spread over several selectors. */
    static Front withSelectors(int selectors, int port) throws Exception {
        return new Front(ForwardTarget.to(uri(port)), ForwardTimeouts.DEFAULT, 30_000, selectors);
    }

    static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Has requests changed before they are forwarded. */
    void customize(UnaryOperator<Request> customizer) {
        this.customizer = customizer;
    }

    /** Has the failure page try another backend instead of writing a page. */
    void secondTry(ForwardTarget other) {
        second = other;
    }

    void target(ForwardTarget other) {
        target = other;
    }

    int port() {
        return connector.getLocalPort();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    Forwarder forwarder() {
        return forwarder;
    }

    /** What the failure page was told. */
    Queue<Throwable> failures() {
        return failures;
    }

    boolean allExchangesEnded() {
        return exchanges.stream().allMatch(CompletableFuture::isDone);
    }

    int exchanges() {
        return exchanges.size();
    }

    long pooledMemory() {
        return buffers.getDirectMemory() + buffers.getHeapMemory();
    }

    /** Waits for what has no event of its own; looks at once and then often. */
    static void soon(String what, Callable<Boolean> condition) {
        within(PATIENCE, what, condition);
    }

    static void within(Duration patience, String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    /** A client that says exactly what it is told to. */
    Wire connect() throws Exception {
        return new Wire(new Socket(InetAddress.getLoopbackAddress(), port()));
    }

    /** The same with a receive buffer of about that many bytes, so that the front has to wait for its reader. */
    Wire connect(int receiveBuffer) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
        return new Wire(socket);
    }

    private void failed(int status, Throwable failure, Request request, Response response, Callback callback) {
        failures.add(failure);
        ForwardTarget other = second;
        if (other != null) {
            second = null;
            exchanges.add(forwarder.forward(other, request, response, callback));
            return;
        }
        response.setStatus(status);
        response.write(true, StandardCharsets.UTF_8.encode("failure page " + status), callback);
    }

    @Override
    public void close() {
        assertThat(CompletableFuture.allOf(exchanges.toArray(CompletableFuture<?>[]::new)))
                .as("every exchange ends")
                .succeedsWithin(PATIENCE);
        LifeCycle.stop(server);
        soon("no buffer leaks: " + buffers.dumpLeaks(), () -> buffers.getLeaks().isEmpty());
    }
}
