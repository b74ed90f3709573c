package marina.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import marina.machine.Activity;
import marina.metrics.ContextMeter;
import marina.metrics.Journey;
import marina.proxy.ClientWatch;
import marina.proxy.Visit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request as everybody behind the {@link FrontDoor} sees it. Whether its client is still there is looked after. */
final class GuardedRequest extends Request.Wrapper implements ClientWatch, Visit, Journey.Measured {
    private final HttpURI uri;
    private final HttpFields fields;
    private final boolean secure;
    private final ConnectionMetaData connection;
    private volatile @Nullable Consumer<Throwable> whenLeft; // written with the lock of this
    private volatile @Nullable Throwable left;
    private final Activity activity;
    private volatile boolean used;
    private final Journey journey;

    GuardedRequest(
            Request request,
            HttpURI uri,
            HttpFields fields,
            ForwardingTrust.@Nullable Belief belief,
            Activity activity,
            Journey journey) {
        super(request);
        this.journey = journey;
        this.activity = activity;
        this.uri = uri;
        this.fields = fields;
        ConnectionMetaData actual = request.getConnectionMetaData();
        this.secure = HttpScheme.HTTPS.is(uri.getScheme());
        this.connection = belief == null ? actual : new Believed(actual, belief, secure);
    }

    @Override
    public HttpURI getHttpURI() {
        return uri;
    }

    @Override
    public HttpFields getHeaders() {
        return fields;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
        return connection;
    }

    @Override
    public void watch(Consumer<Throwable> listener) {
        synchronized (this) {
            whenLeft = listener;
        }
        Throwable already = left;
        if (already != null) {
            listener.accept(already);
        }
    }

    @Override
    public synchronized void unwatch(Consumer<Throwable> listener) {
        if (whenLeft == listener) {
            whenLeft = null;
        }
    }

    @Override
    public void begin() {
        used = true;
        activity.use();
    }

    @Override
    public void upgrade(CompletableFuture<Void> until) {
        if (fields.contains(HttpHeader.UPGRADE) || HttpMethod.CONNECT.is(getMethod())) {
            activity.beginUpgraded();
            ContextMeter meter = journey.context();
            if (meter != null) {
                meter.opened();
            }
            var unused = until.whenComplete((over, failure) -> {
                activity.endUpgraded();
                if (meter != null) {
                    meter.closed();
                }
            });
        }
    }

    @Override
    public Journey journey() {
        return journey;
    }

    /** It has been answered. */
    void ended() {
        if (used) {
            activity.use();
        }
    }

    /** Whether somebody wants to know when the client leaves. */
    boolean isWatched() {
        return whenLeft != null;
    }

    /** The client has left. */
    void left(Throwable failure) {
        left = failure;
        Consumer<Throwable> listener = whenLeft;
        if (listener != null) {
            listener.accept(failure);
        }
    }

    /** A connection whose other end is the client that a trusted proxy named. */
    private static final class Believed extends ConnectionMetaData.Wrapper {
        private final SocketAddress client;
        private final boolean secure;

        Believed(ConnectionMetaData actual, ForwardingTrust.Belief belief, boolean secure) {
            super(actual);
            this.client = new InetSocketAddress(belief.client(), 0);
            this.secure = secure;
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public SocketAddress getRemoteSocketAddress() {
            return client;
        }
    }
}
