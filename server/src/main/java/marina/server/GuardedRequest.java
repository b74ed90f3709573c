package marina.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import marina.machine.Activity;
import marina.proxy.ClientWatch;
import marina.proxy.ExchangeNotes;
import marina.proxy.Visit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/** A request as everybody behind the {@link FrontDoor} sees it. Whether its client is still there is looked after. */
final class GuardedRequest extends Request.Wrapper implements ClientWatch, Visit, ExchangeNotes {
    private final HttpURI uri;
    private final HttpFields fields;
    private final boolean secure;
    private final ConnectionMetaData connection;
    private volatile @Nullable Consumer<Throwable> whenLeft; // written with the lock of this
    private volatile @Nullable Throwable left;
    private final Activity activity;
    private volatile boolean used;
    private volatile Door door = Door.OPEN;
    private volatile long waitNanos;
    private volatile long handedOverAt; // 0 while it is not
    private volatile long answeredAt; // 0 before
    private long bytesIn; // by the one reader that a body has

    GuardedRequest(
            Request request,
            HttpURI uri,
            HttpFields fields,
            ForwardingTrust.@Nullable Belief belief,
            Activity activity) {
        super(request);
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
            var unused = until.whenComplete((over, failure) -> activity.endUpgraded());
        }
    }

    @Override
    public Content.@Nullable Chunk read() {
        Content.Chunk chunk = super.read();
        if (chunk != null) {
            bytesIn += chunk.remaining();
        }
        return chunk;
    }

    @Override
    public long bytesIn() {
        return bytesIn;
    }

    @Override
    public void at(Door who) {
        door = who;
    }

    @Override
    public Door door() {
        return door;
    }

    @Override
    public void waited(long nanos) {
        waitNanos = nanos;
    }

    @Override
    public void handedOver() {
        if (handedOverAt == 0) {
            handedOverAt = NanoTime.now();
        }
    }

    @Override
    public void answered() {
        answeredAt = NanoTime.now();
    }

    @Override
    public long waitNanos() {
        return waitNanos;
    }

    @Override
    public long upstreamNanos() {
        long begun = handedOverAt;
        long over = answeredAt;
        return begun == 0 ? -1 : NanoTime.elapsed(begun, over == 0 ? NanoTime.now() : over);
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
