package marina.proxy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ClientConnector;

/**
 * Connects to backends; makes Unix sockets behave as TCP does. A server that is slow to accept has TCP's clients wait, but
 * refuses those of its Unix socket (EAGAIN, unix(7)): they try again until the connect timeout. A socket file that is not
 * there is a refusal. Thread-safe.
 */
final class BackendConnector extends ClientConnector {
    private static final String PATIENCE = BackendConnector.class.getName();
    private static final long LONGEST_PAUSE_MILLIS = 50;

    @Override
    protected void connectFailed(
            SelectableChannel channel, SocketAddress address, Throwable failure, Map<String, Object> context) {
        if (!(address instanceof UnixDomainSocketAddress socket)
                || !(failure instanceof SocketException)
                || failure instanceof ConnectException) {
            super.connectFailed(channel, address, failure, context);
        } else if (!Files.exists(socket.getPath())) {
            super.connectFailed(channel, address, refusal("there is no socket " + socket, failure), context);
        } else if (!tryLater(address, context)) {
            IOException tooLong = new SocketTimeoutException("no connection to the socket " + socket + " in time");
            super.connectFailed(channel, address, tooLong.initCause(failure), context);
        }
    }

    private boolean tryLater(SocketAddress address, Map<String, Object> context) {
        Patience patience = (Patience) context.computeIfAbsent(PATIENCE, key -> new Patience(System.nanoTime(), 1));
        if (System.nanoTime() - patience.begin > getConnectTimeout().toNanos()) {
            return false;
        }
        context.put(PATIENCE, new Patience(patience.begin, Math.min(patience.pauseMillis * 2, LONGEST_PAUSE_MILLIS)));
        getScheduler().schedule(() -> connect(address, context), patience.pauseMillis, TimeUnit.MILLISECONDS);
        return true;
    }

    private static Throwable refusal(String message, Throwable cause) {
        return new ConnectException(message).initCause(cause);
    }

    /** Of one connection that is wanted: since when, and how long until the next try. */
    private record Patience(long begin, long pauseMillis) {}
}
