package marina.server;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import marina.config.ServerConfig;
import marina.config.TracingConfig;
import marina.metrics.ContextMeters;
import marina.metrics.Exposition;
import marina.metrics.TrafficMeter;
import marina.tracing.Tracing;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What is counted in a server, from before its parts are made until they are gone. {@link #gather} is called once; the rest is
 * thread-safe.
 */
final class Telemetry implements AutoCloseable {
    private final TrafficMeter traffic = new TrafficMeter();
    private final ContextMeters meters = new ContextMeters();
    private final ReentrantLock making = new ReentrantLock();
    private final MetricsPort port;
    private final Map<String, String> environment;
    private volatile @Nullable Tracing tracing;
    private volatile @Nullable JmxPort jmx;
    private volatile @Nullable ServerMetrics source;
    private volatile @Nullable Exposition exposition;

    /**
     * Of a server that has not been assembled yet.
     *
     * @param environment may tell the name of this machine
     */
    Telemetry(Server jetty, Map<String, String> environment) {
        this.environment = environment;
        port = new MetricsPort(jetty, this);
    }

    /** Goes over to another configuration. Called by one thread at a time. */
    void follow(ServerConfig next) {
        Tracing known = tracing;
        TracingConfig now = known == null ? null : known.config();
        if (!next.tracing().equals(now)) {
            tracing = next.tracing().enabled() ? new Tracing(next.tracing(), MarinaServer.version(), machine()) : null;
            end(known);
        }
        port.follow(next.metrics());
        JmxPort remote = jmx;
        if (remote != null) {
            remote.follow(next.jmx());
        }
    }

    /** Where Prometheus reads, besides the control socket. */
    Optional<URI> url() {
        return port.url();
    }

    private String machine() {
        String known = environment.getOrDefault("FLY_MACHINE_ID", "");
        try {
            return known.isEmpty() ? InetAddress.getLocalHost().getHostName() : known;
        } catch (UnknownHostException e) {
            return "localhost"; // a machine without a name
        }
    }

    private static void end(@Nullable Tracing last) {
        if (last != null) {
            last.close();
        }
    }

    /** Makes requests part of traces; null when nobody does. */
    @Nullable
    Tracing tracing() {
        return tracing;
    }

    /** Nobody reads from outside any more; may be called again. */
    void closePorts() {
        port.close();
        JmxPort remote = jmx;
        if (remote != null) {
            remote.close();
        }
    }

    @Override
    public void close() {
        closePorts();
        end(tracing);
        tracing = null;
    }

    /** All requests. */
    TrafficMeter traffic() {
        return traffic;
    }

    /** Those of contexts. */
    ContextMeters meters() {
        return meters;
    }

    /** Counts what has ended before it is told to the access log. */
    RequestLog log(RequestLog access) {
        return new Finished(traffic, access);
    }

    /** From now on this is told, and JMX where the configuration says. */
    void gather(ServerMetrics.Parts parts, JmxPort remote) {
        jmx = remote;
        source = new ServerMetrics(parts);
    }

    /** Answers with all metrics, on a thread that may block: it reads the process table, some milliseconds. */
    void answer(Request request, Response response, Callback callback) {
        boolean head = HttpMethod.HEAD.is(request.getMethod());
        if (!head && !HttpMethod.GET.is(request.getMethod())) {
            response.setStatus(HttpStatus.METHOD_NOT_ALLOWED_405);
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            callback.succeeded();
            return;
        }
        request.getContext().execute(() -> {
            try {
                Exposition.Page page = page(request.getHeaders().get(HttpHeader.ACCEPT));
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, page.type());
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, page.text().length);
                response.write(true, head ? null : ByteBuffer.wrap(page.text()), callback);
            } catch (RuntimeException e) {
                callback.failed(e);
            }
        });
    }

    private Exposition.Page page(@Nullable String accept) {
        Exposition known = exposition;
        return (known == null ? make() : known).read(accept);
    }

    /** When somebody asks for the first time: the library is not loaded before. */
    private Exposition make() {
        making.lock();
        try {
            ServerMetrics gathered = source;
            Exposition known = exposition;
            if (known == null) {
                known = new Exposition(gathered == null ? families -> {} : gathered);
                exposition = known;
            }
            return known;
        } finally {
            making.unlock();
        }
    }
}
