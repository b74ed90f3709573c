package marina.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import marina.config.DrainConfig;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Graceful;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the requests in flight, and takes leave when the server stops. Unlike Jetty's GracefulHandler it also answers the
 * requests that come meanwhile on connections that are still open: a client of HTTP/2 sends some before it has read
 * GOAWAY. Thread-safe.
 */
final class Farewell extends Handler.Wrapper implements Graceful {
    private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** So long a WebSocket may take to end what it is saying. */
    private static final long PAUSE_IN_TALK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final AtomicLong requests = new AtomicLong();
    private final Graceful.Shutdown shutdown = new Graceful.Shutdown(this) {
        @Override
        public boolean isShutdownDone() {
            return requests.get() == 0;
        }
    };

    Farewell(Handler next) {
        super(next);
    }

    /**
     * Refuses connections, and waits until those that are open have ended. Clients of HTTP/1.1 read {@code Connection:
     * close} in their answers, those of HTTP/2 GOAWAY, WebSockets a close frame 1001.
     *
     * @param edge turns the health check to 503 some time before
     * @param cable closes its sockets
     */
    static void say(Server server, Listeners listeners, EdgeHandler edge, CablePort cable, DrainConfig drain) {
        edge.leave();
        try {
            if (!drain.notice().isZero()) {
                LOG.info("Health checks answer 503 now; connections are refused in {}", text(drain.notice()));
                boolean unused = new CountDownLatch(1).await(drain.notice().toMillis(), TimeUnit.MILLISECONDS);
            }
            cable.close();
            if (!awaitEnd(Graceful.shutdown(server), listeners, drain.timeout())) {
                LOG.warn("Connections were still open after {}; they are cut off", text(drain.timeout()));
            }
        } catch (ExecutionException e) {
            LOG.warn("Requests could not be drained", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks again and again, because a connection may become idle later, or its client may not heed GOAWAY. */
    private static boolean awaitEnd(CompletableFuture<Void> done, Listeners listeners, Duration timeout)
            throws ExecutionException, InterruptedException {
        long start = System.nanoTime();
        long deadline = start + timeout.toNanos();
        listeners.connectors().forEach(IdleConnections::close);
        for (long rest = timeout.toNanos(); rest > 0; rest = deadline - System.nanoTime()) {
            try {
                done.get(Math.min(rest, LOOK_NANOS), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                listeners.connectors().forEach(connector -> {
                    IdleConnections.close(connector);
                    IdleConnections.closeHttp2(connector);
                    if (System.nanoTime() - start > PAUSE_IN_TALK_NANOS) {
                        IdleConnections.closeTalking(connector);
                    }
                });
            }
        }
        return done.isDone();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        boolean ofOperator = Connectors.ADMIN.equals(
                request.getConnectionMetaData().getConnector().getName());
        if (ofOperator) { // whoever watches the server keeps it neither awake nor from stopping
            return answer(request, response, callback);
        }
        requests.incrementAndGet();
        Callback counted = new Callback.Nested(callback) {
            @Override
            public void completed() {
                GuardedRequest guarded = Request.as(request, GuardedRequest.class);
                if (guarded != null) { // what comes through the control socket is none
                    guarded.ended();
                }
                ended();
            }
        };
        boolean handled = answer(request, response, counted);
        if (!handled) {
            ended();
        }
        return handled;
    }

    private boolean answer(Request request, Response response, Callback callback) {
        try {
            return super.handle(request, response, callback);
        } catch (Exception e) {
            Response.writeError(request, response, callback, e); // else nobody would complete what is counted
            return true;
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        return shutdown.shutdown();
    }

    @Override
    public boolean isShutdown() {
        return shutdown.isShutdown();
    }

    /** How many requests are being answered, those included that wait for something. */
    long requests() {
        return requests.get();
    }

    private void ended() {
        requests.decrementAndGet();
        shutdown.check();
    }

    private static String text(Duration duration) {
        return duration.toMillis() / 1000.0 + "s";
    }
}
