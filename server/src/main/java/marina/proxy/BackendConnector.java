package marina.proxy;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectableChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import marina.connection.SocketPatience;
import org.eclipse.jetty.io.ClientConnector;

/** Connects to backends for questions, to Unix sockets with {@link SocketPatience} until the connect timeout. Thread-safe. */
final class BackendConnector extends ClientConnector {
    private static final String PATIENCE = BackendConnector.class.getName();

    @Override
    protected void connectFailed(
            SelectableChannel channel, SocketAddress address, Throwable failure, Map<String, Object> context) {
        Throwable last = SocketPatience.finalFailure(address, failure);
        if (last != null) {
            super.connectFailed(channel, address, last, context);
            return;
        }
        SocketPatience patience = (SocketPatience) context.computeIfAbsent(PATIENCE, key -> new SocketPatience());
        if (patience.isOver(getConnectTimeout())) {
            IOException tooLong = new SocketTimeoutException("no connection to the socket " + address + " in time");
            super.connectFailed(channel, address, tooLong.initCause(failure), context);
        } else {
            getScheduler().schedule(() -> connect(address, context), patience.nextPauseMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
