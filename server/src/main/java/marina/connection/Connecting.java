package marina.connection;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A connection on its way, for one call: all addresses of the backend in turn, within the call's limit; Unix sockets with {@link SocketPatience}.
 */
final class Connecting implements Invocable.Task, ManagedSelector.Selectable, ManagedSelector.SelectorUpdate {
    private final BackendConnections connections;
    private final Loop loop;
    private final URI origin;
    private final Call call;
    private final long begin = System.nanoTime();
    private final Deque<SocketAddress> addresses = new ArrayDeque<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Scheduler.Task deadline;
    private final SocketPatience patience = new SocketPatience();
    private volatile @Nullable SocketAddress address;
    private volatile @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;

    Connecting(BackendConnections connections, Loop loop, URI origin, Call call) {
        this.connections = connections;
        this.loop = loop;
        this.origin = origin;
        this.call = call;
        this.deadline = connections
                .scheduler()
                .schedule(this::tooLate, call.limits().connect().toMillis(), TimeUnit.MILLISECONDS);
    }

    void begin() {
        if (Origins.isUnix(origin)) {
            connect(List.of(UnixDomainSocketAddress.of(origin.getPath())));
        } else if (Origins.isLiteral(origin)) {
            connect(List.of(new InetSocketAddress(Origins.host(origin), Origins.port(origin))));
        } else {
            connections.resolve(Origins.host(origin), Origins.port(origin), Promise.from(this::connect, this::abort));
        }
    }

    private void connect(List<? extends SocketAddress> all) {
        addresses.addAll(all);
        next();
    }

    private void next() {
        SocketAddress candidate = addresses.poll();
        if (candidate == null) {
            abort(new ConnectException("no address is known of " + origin.getHost()));
            return;
        }
        address = candidate;
        connect(candidate);
    }

    private void connect(SocketAddress candidate) {
        if (over.get()) {
            return;
        }
        try {
            SocketChannel opened = candidate instanceof UnixDomainSocketAddress
                    ? SocketChannel.open(StandardProtocolFamily.UNIX)
                    : SocketChannel.open();
            channel = opened;
            opened.configureBlocking(false);
            if (candidate instanceof InetSocketAddress) {
                opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            opened.connect(candidate);
            loop.selector().submit(this);
        } catch (IOException | RuntimeException e) {
            refused(e);
        }
    }

    /** On the selector's thread. */
    @Override
    public void update(Selector selector) {
        SocketChannel opened = channel;
        try {
            if (opened == null || over.get()) {
                close();
            } else if (opened.isConnected()) {
                key = opened.register(selector, 0, this);
                established(opened);
            } else {
                key = opened.register(selector, SelectionKey.OP_CONNECT, this);
            }
        } catch (IOException | RuntimeException e) {
            refused(e);
        }
    }

    @Override
    public Runnable onSelected() {
        SelectionKey selected = key;
        if (selected != null && selected.isValid()) {
            selected.interestOps(0);
        }
        return this;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
        SocketChannel opened = channel;
        try {
            if (opened != null && opened.finishConnect()) {
                established(opened);
            }
        } catch (IOException | RuntimeException e) {
            refused(e);
        }
    }

    @Override
    public void updateKey() {}

    @Override
    public void replaceKey(SelectionKey newKey) {
        key = newKey;
    }

    private void established(SocketChannel opened) throws IOException {
        SelectionKey registered = key;
        if (registered == null || !over.compareAndSet(false, true)) {
            IO.close(opened);
            return;
        }
        deadline.cancel();
        LeanSocket endPoint = new LeanSocket(opened, loop.selector(), registered, connections.scheduler());
        try {
            registered.attach(endPoint);
            connections.open(endPoint, loop, origin, call);
        } catch (IOException | RuntimeException e) {
            endPoint.close();
            fail(e);
        }
    }

    /** This address did not work; perhaps the next one, or the same a little later. */
    private void refused(Exception failure) {
        close();
        SocketAddress tried = address;
        if (over.get()) {
            return;
        }
        Throwable last = SocketPatience.finalFailure(tried, failure);
        if (!addresses.isEmpty()) {
            next();
        } else if (last != null) {
            abort(last);
        } else if (tried != null) {
            connections.scheduler().schedule(() -> connect(tried), patience.nextPauseMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tooLate() {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        abort(new SocketTimeoutException("no connection to " + origin + " was accepted within " + millis + " ms"));
    }

    /** Gives it up. */
    void abort(Throwable failure) {
        if (over.compareAndSet(false, true)) {
            deadline.cancel();
            close();
            fail(failure);
        }
    }

    private void fail(Throwable failure) {
        Throwable first = call.failedWith(failure);
        RequestBody body = call.body();
        if (body != null) {
            body.fail(first);
        }
        call.listener().over(first);
    }

    /** A channel that is registered is open for the system until its selector has looked again. */
    private void close() {
        SocketChannel opened = channel;
        IO.close(opened);
        if (opened != null && opened.isRegistered()) {
            loop.selector().submit(selector -> {});
        }
    }
}
